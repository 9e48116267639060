/// Reads the commands of a client of version 2, from bytes that arrive in pieces of any size (`gitprotocol-v2`,
/// "Command Request").
package struct V2CommandParser: Sendable {
    /// What the client asks for.
    package enum Command: Hashable, Sendable {
        case lsRefs(LsRefsRequest)
        case fetch(UploadPackRequest)
        /// Nothing more.
        case end
    }

    private enum Phase {
        case capabilities, arguments
    }

    private var phase = Phase.capabilities
    private var reader = PacketReader(allowsVersion2: true)
    private var command: V2Capabilities.Command?
    private var lsRefs = LsRefsRequest()
    private var fetch = UploadPackRequest()
    private var size = 0
    private let limits: UploadPackLimits

    /// A parser before the first byte.
    package init(limits: UploadPackLimits = UploadPackLimits()) { self.limits = limits }

    /// Takes the bytes that came next.
    package mutating func append(_ bytes: [UInt8]) { reader.append(bytes) }

    /// The next command; nil when it needs more bytes.
    ///
    /// - Throws: `WireError`, in git's words, after which the conversation is over.
    package mutating func next() throws(WireError) -> Command? {
        while let packet = try reader.next() {
            switch packet {
            case .data(let payload): try take(payload)
            case .flush: return try end()
            case .delimiter:
                guard phase == .capabilities, command != nil else { throw misplaced }
                phase = .arguments
            case .responseEnd: throw misplaced
            }
        }
        return nil
    }

    /// Takes the end of the input, which is fine only between two commands.
    ///
    /// - Throws: `WireError` anywhere else.
    package func finish() throws(WireError) -> Command {
        guard size == 0, !reader.isMidPacket else { throw .hungUp }
        return .end
    }

    private mutating func take(_ payload: [UInt8]) throws(WireError) {
        size += payload.count + 4
        try limits.check(bytes: size)
        let line = payload[...].withoutLineFeed
        switch (phase, command) {
        case (.capabilities, _):
            if let command = try V2Capabilities.command(line, after: command) {
                self.command = command
            } else {
                try V2Capabilities.check(line)
            }
        case (.arguments, .lsRefs): try lsRefs.take(line)
        case (.arguments, _): try fetch.takeArgument(line, limits)
        }
    }

    private mutating func end() throws(WireError) -> Command {
        defer { self = V2CommandParser(continuing: reader, limits) }
        switch command {
        case .lsRefs: return .lsRefs(lsRefs)
        case .fetch:
            try fetch.checkDepth()
            fetch.sideBand = .large
            return .fetch(fetch)
        case nil:
            guard size == 0 else { throw WireError("no command requested") }
            return .end
        }
    }

    private init(continuing reader: PacketReader, _ limits: UploadPackLimits) {
        self.reader = reader
        self.limits = limits
    }

    private var misplaced: WireError {
        guard let command else { return WireError("no command requested") }
        return WireError("expected flush after \(command.rawValue) arguments")
    }
}

extension UploadPackRequest {
    /// Takes an argument of the command `fetch`.
    fileprivate mutating func takeArgument(_ line: ArraySlice<UInt8>, _ limits: UploadPackLimits) throws(WireError) {
        if let have = line.after("have ") {
            guard let id = ObjectID(hex: have) else {
                throw .unexpected("git upload-pack: expected SHA1 object, got", have)
            }
            haves.append(id)
            try limits.check(haves.count, limits.haves, "haves")
        } else if let want = line.after("want ") {
            guard let id = ObjectID(hex: want) else {
                throw .unexpected("git upload-pack: protocol error, expected to get oid, not", line)
            }
            self.want(id)
            try limits.check(wants.count, limits.wants, "wants")
        } else {
            let isKnown = takeFlag(line) ? true : try takeDepth(line, limits)
            guard isKnown else { throw .unexpected("unexpected line:", line) }
        }
    }

    private mutating func takeFlag(_ line: ArraySlice<UInt8>) -> Bool {
        switch String(decoding: line, as: UTF8.self) {
        case "thin-pack": isThin = true
        case "ofs-delta": allowsOffsetDeltas = true
        case "no-progress": isQuiet = true
        case "include-tag": includesTags = true
        case "done": isDone = true
        case "wait-for-done": waitsForDone = true
        case "deepen-relative": isRelative = true
        default: return false
        }
        return true
    }
}

/// Reads what a fetching client of version 0 or 1 says after the advertisement, from bytes that arrive in pieces of
/// any size (`gitprotocol-pack`, "Packfile Negotiation").
package struct UploadPackParser: Sendable {
    /// What the client said next.
    package enum Event: Hashable, Sendable {
        /// It wants nothing, and waits for nothing.
        case nothingToDo
        /// It has said what it wants. The others follow this one.
        case request(UploadPackRequest)
        /// It has this object.
        case have(ObjectID)
        /// It waits for an answer to its haves.
        case flush
        /// It waits for the pack, and says no more.
        case done
    }

    private enum Phase {
        case request, negotiation, ended
    }

    private var phase = Phase.request
    private var reader = PacketReader()
    private var request = UploadPackRequest()
    private var size = 0
    private var haveCount = 0
    private let limits: UploadPackLimits

    /// A parser before the first byte.
    package init(limits: UploadPackLimits = UploadPackLimits()) { self.limits = limits }

    /// Takes the bytes that came next.
    package mutating func append(_ bytes: [UInt8]) { reader.append(bytes) }

    /// The next of what the client said; nil when that needs more bytes. After `nothingToDo` and `done` there is
    /// nothing more.
    ///
    /// - Throws: `WireError`, after which the conversation is over.
    package mutating func next() throws(WireError) -> Event? {
        while phase != .ended, let packet = try reader.next() {
            switch packet {
            case .data(let payload):
                let line = payload[...].withoutLineFeed
                if phase == .negotiation { return try negotiate(line) }
                try take(line, size: payload.count + 4)
            case .flush, .delimiter, .responseEnd:
                return try flush()
            }
        }
        return nil
    }

    private mutating func flush() throws(WireError) -> Event {
        if phase == .negotiation { return .flush }
        guard !request.wants.isEmpty else {
            phase = .ended
            return .nothingToDo
        }
        try request.checkDepth()
        phase = .negotiation
        return .request(request)
    }

    private mutating func take(_ line: ArraySlice<UInt8>, size: Int) throws(WireError) {
        self.size += size
        try limits.check(bytes: self.size)
        if try request.takeDepth(line, limits) { return }
        if line.after("filter ") != nil {
            throw WireError("git upload-pack: filtering capability not negotiated")
        }
        guard let want = line.after("want "), let id = ObjectID(hex: want.prefix(40)) else {
            throw .unexpected("git upload-pack: protocol error, expected to get object ID, not", line)
        }
        request.want(id)
        try limits.check(request.wants.count, limits.wants, "wants")
        if want.count > 40 { try take(Capabilities(parsing: want.dropFirst(40))) }
    }

    private mutating func take(_ capabilities: Capabilities) throws(WireError) {
        if let format = capabilities.value(of: "object-format"), format != "sha1" {
            throw .unexpected("unsupported object format", Array(format.utf8))
        }
        request.take(capabilities)
    }

    private mutating func negotiate(_ line: ArraySlice<UInt8>) throws(WireError) -> Event {
        if line.isWord("done") {
            phase = .ended
            return .done
        }
        guard let have = line.after("have ") else {
            throw .unexpected("git upload-pack: expected SHA1 list, got", line)
        }
        guard let id = ObjectID(hex: have) else {
            throw .unexpected("git upload-pack: expected SHA1 object, got", have)
        }
        haveCount += 1
        try limits.check(haveCount, limits.haves, "haves")
        return .have(id)
    }
}

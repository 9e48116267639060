/// Reads what a pushing client says after the advertisement, from bytes that arrive in pieces of any size
/// (`gitprotocol-pack`, "Reference Update Request and Packfile Transfer").
package struct ReceivePackParser: Sendable {
    /// How far the request has come.
    package enum Progress: Hashable, Sendable {
        /// It goes on.
        case needsMore
        /// The client has nothing to push, and waits for nothing.
        case nothingToDo
        /// It is complete; a pack follows if it expects one.
        case complete(ReceivePackRequest)
    }

    private enum Phase {
        case commands, pushOptions, ended
    }

    private var phase = Phase.commands
    private var reader = PacketReader()
    private var request = ReceivePackRequest()
    private var size = 0
    private let limits: ReceivePackLimits

    /// A parser before the first byte.
    package init(limits: ReceivePackLimits = ReceivePackLimits()) { self.limits = limits }

    /// Takes the bytes that came next. Once the request is complete, the bytes of the pack are none of its business.
    ///
    /// - Throws: `WireError`, after which the conversation is over.
    package mutating func feed(_ bytes: [UInt8]) throws(WireError) -> Progress {
        guard phase != .ended else { throw WireError("protocol error: data after the end of the request") }
        reader.append(bytes)
        while let packet = try reader.next() {
            switch packet {
            case .data(let payload): try take(payload)
            case .flush, .delimiter, .responseEnd:
                if let progress = flush() { return progress }
            }
        }
        return .needsMore
    }

    /// Takes the end of the input, which is fine only before the first byte.
    ///
    /// - Throws: `WireError` anywhere else.
    package mutating func finish() throws(WireError) -> Progress {
        guard phase == .commands, size == 0, !reader.isMidPacket else { throw .hungUp }
        phase = .ended
        return .nothingToDo
    }

    /// Ends a list; nil when another one follows.
    private mutating func flush() -> Progress? {
        if phase == .commands, !request.commands.isEmpty, request.capabilities.contains("push-options") {
            phase = .pushOptions
            return nil
        }
        phase = .ended
        guard !request.commands.isEmpty else { return .nothingToDo }
        request.rest = reader.takeRest()
        return .complete(request)
    }

    private mutating func take(_ payload: [UInt8]) throws(WireError) {
        size += payload.count + 4
        guard size <= limits.bytes else {
            throw WireError("push request is longer than \(limits.bytes) bytes; push fewer references at a time")
        }
        let line = payload.last == UInt8(ascii: "\n") ? payload.dropLast() : payload[...]
        if phase == .pushOptions { try takePushOption(line) } else { try takeCommand(line) }
    }

    private mutating func takeCommand(_ line: ArraySlice<UInt8>) throws(WireError) {
        if line.starts(with: "shallow ".utf8) { return try takeShallow(line.dropFirst("shallow ".utf8.count)) }
        let command = line.prefix { $0 != 0 }
        try takeCapabilities(line.dropFirst(command.count))
        if command.elementsEqual("push-cert".utf8) {
            throw WireError("protocol error: push certificates are not supported; push without --signed")
        }
        guard request.commands.count < limits.commands else {
            throw WireError("push has more than \(limits.commands) commands; push fewer references at a time")
        }
        request.commands.append(try Command(line: command))
    }

    private mutating func takeShallow(_ id: ArraySlice<UInt8>) throws(WireError) {
        guard let id = ObjectID(hex: id) else { throw .unexpected("protocol error: expected shallow sha, got", id) }
        request.shallow.append(id)
    }

    /// - Parameter list: begins with the NUL in front of it; empty when there is none.
    private mutating func takeCapabilities(_ list: ArraySlice<UInt8>) throws(WireError) {
        guard !list.isEmpty else { return }
        request.capabilities.add(list)
        if let format = request.capabilities.value(of: "object-format"), format != "sha1" {
            throw .unexpected("unsupported object format", Array(format.utf8))
        }
    }

    private mutating func takePushOption(_ line: ArraySlice<UInt8>) throws(WireError) {
        // A hook gets its options from the environment, where NUL would end them early.
        guard !line.contains(0) else { throw .unexpected("protocol error: NUL in push option", line) }
        guard request.pushOptions.count < limits.pushOptions else {
            throw WireError("push has more than \(limits.pushOptions) push options")
        }
        request.pushOptions.append(String(decoding: line, as: UTF8.self))
    }
}

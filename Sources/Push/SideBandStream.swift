import GitWire
import Platform

/// What goes to a client in side-band packets, or as bare bytes to one without side-band.
///
/// While it is silent for long, it sends keepalives, so that neither end nor what is between them gives up.
actor SideBandStream {
    private let conversation: any Conversation
    private let size: SideBand.Size?
    private var lastSent = ContinuousClock.now
    private var isWriting = false
    private var line: [CheckedContinuation<Void, Never>] = []

    /// - Parameter size: how long the packets may be; nil for bare bytes.
    init(conversation: any Conversation, size: SideBand.Size?) {
        self.conversation = conversation
        self.size = size
    }

    /// Sends a part of what the conversation is about.
    func send(_ bytes: [UInt8]) async throws {
        try await write(size.map { SideBand.encode(bytes, band: .data, size: $0) } ?? bytes)
    }

    /// Sends text for the person at the other end: in its band, or as diagnostics if there are none.
    func sendProgress(_ text: String) async throws {
        let bytes = Array(text.utf8)
        guard let size else { return try await write(bytes, asError: true) }
        try await write(SideBand.encode(bytes, band: .progress, size: size))
    }

    /// Sends the reason why it ends here. Without bands there is no room for one.
    func fail(_ reason: String) async throws {
        guard let size else { return }
        try await write(SideBand.encode(Array(reason.utf8), band: .error, size: size))
    }

    /// Sends the last part, and ends the stream.
    func finish(_ bytes: [UInt8] = []) async throws {
        if let size {
            try await write(SideBand.encode(bytes, band: .data, size: size) + PacketLine.flush.encoded)
        } else if !bytes.isEmpty {
            try await write(bytes)
        }
    }

    /// Runs `body`, and sends an empty packet after every 5 s of silence meanwhile (`receive.keepAlive`,
    /// `uploadpack.keepAlive`).
    func keepingAlive<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard size != nil else { return try await body() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.sendKeepalives()
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func sendKeepalives() async throws {
        while true {
            try await Task.sleep(for: .seconds(5) - min(.seconds(4), ContinuousClock.now - lastSent))
            if ContinuousClock.now - lastSent >= .seconds(5) { try await write(SideBand.keepalive) }
        }
    }

    /// One writer at a time: an actor alone would let packets of two interleave while the client takes none.
    private func write(_ bytes: [UInt8], asError: Bool = false) async throws {
        while isWriting { await withCheckedContinuation { line.append($0) } }
        isWriting = true
        defer {
            isWriting = false
            lastSent = .now
            if !line.isEmpty { line.removeFirst().resume() }
        }
        if asError { try await conversation.writeError(bytes) } else { try await conversation.write(bytes) }
    }
}

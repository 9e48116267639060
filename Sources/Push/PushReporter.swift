import GitWire
import Platform

/// Everything said to a pushing client after its request: side-band packets, or bare bytes for one without side-band.
///
/// While it is silent for long, it sends keepalives, so that neither end nor what is between them gives up.
actor PushReporter {
    private let conversation: any Conversation
    private let hasSideBand: Bool
    private var lastSent = ContinuousClock.now
    private var isWriting = false
    private var line: [CheckedContinuation<Void, Never>] = []

    init(conversation: any Conversation, hasSideBand: Bool) {
        self.conversation = conversation
        self.hasSideBand = hasSideBand
    }

    /// Shows a line of text. It ends with a line feed, since clients hold back a line that does not.
    func say(_ text: String) async throws {
        let bytes = Array((text + "\n").utf8)
        try await send(hasSideBand ? SideBand.encode(bytes, band: .progress) : bytes, asError: !hasSideBand)
    }

    /// Sends the report and the end of the stream.
    func finish(report: [UInt8]) async throws {
        let end = hasSideBand ? SideBand.encode(report, band: .data) + PacketLine.flush.encoded : report
        try await send(end, asError: false)
    }

    /// Runs `body`, and sends an empty packet after every 5 s of silence meanwhile (`receive.keepAlive`).
    func keepingAlive<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard hasSideBand else { return try await body() }
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
            if ContinuousClock.now - lastSent >= .seconds(5) { try await send(SideBand.keepalive, asError: false) }
        }
    }

    /// One writer at a time: an actor alone would let packets of two interleave while the client takes none.
    private func send(_ bytes: [UInt8], asError: Bool) async throws {
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

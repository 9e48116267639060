import GitWire
import Platform

/// Everything said to a pushing client after its request.
struct PushReporter: Sendable {
    private let stream: SideBandStream

    init(conversation: any Conversation, hasSideBand: Bool) {
        stream = SideBandStream(conversation: conversation, size: hasSideBand ? .large : nil)
    }

    /// Shows a line of text. It ends with a line feed, since clients hold back a line that does not.
    func say(_ text: String) async throws { try await stream.sendProgress(text + "\n") }

    /// Sends the report and the end of the stream; in between, `afterwards` is done, whether the client is there or not.
    func finish(report: [UInt8], afterwards: (@Sendable () async -> Void)? = nil) async throws {
        guard let afterwards else { return try await stream.finish(report) }
        do {
            try await stream.send(report)
        } catch {
            await afterwards()
            throw error
        }
        try await keepingAlive { await afterwards() }
        try await stream.finish()
    }

    /// Runs `body`, and sends an empty packet after every 5 s of silence meanwhile.
    func keepingAlive<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await stream.keepingAlive(body)
    }
}

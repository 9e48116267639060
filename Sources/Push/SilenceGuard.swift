import Git
import Synchronization

/// Gives up on a client that sends nothing while more is to come from it.
final class SilenceGuard: Sendable {
    private let seconds: Int
    private let lastByte = Mutex(ContinuousClock.now)

    init(seconds: Int) { self.seconds = seconds }

    /// Notes that something came.
    func note() { lastByte.withLock { $0 = .now } }

    /// Runs `body`, which calls `note` whenever something comes, and cancels it once nothing has come for too long.
    ///
    /// - Throws: `GitError` then; what `body` throws.
    func watch<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        note()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.waitForSilence()
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func waitForSilence() async throws {
        while true {
            let end = lastByte.withLock(\.self) + .seconds(seconds)
            guard end > .now else {
                throw GitError(operation: "receive pack", reason: "nothing came for \(seconds) s; push again")
            }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}

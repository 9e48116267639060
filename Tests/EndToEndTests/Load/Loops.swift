import Synchronization
import TestKit
import Threads

/// Threads that do something over and over while something else goes on.
enum Loops {
    /// Blocks until what it is given says that it is over.
    typealias Loop = @Sendable (_ isOver: @escaping @Sendable () -> Bool) -> Void

    /// Runs `body` beside the loops, and returns once all of them have ended.
    static func run(_ loops: [Loop], during body: () async throws -> Void) async throws {
        let state = State()
        for loop in loops {
            startThread {
                loop { state.isOver }
                state.end()
            }
        }
        defer { state.isOver = true }
        try await body()
        state.isOver = true
        try await eventually("the loops end") { state.ended == loops.count }
    }

    private final class State: Sendable {
        private let state = Mutex((isOver: false, ended: 0))

        var isOver: Bool {
            get { state.withLock(\.isOver) }
            set { state.withLock { $0.isOver = newValue } }
        }
        var ended: Int { state.withLock(\.ended) }

        func end() { state.withLock { $0.ended += 1 } }
    }
}

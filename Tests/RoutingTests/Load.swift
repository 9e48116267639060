import Synchronization
import Threads

/// Clients that send one request after the other, each on a connection of its own, until they are stopped.
struct Load {
    private let count = Count()
    private let clients: Task<Void, Never>

    init(port: Int, host: String, clients number: Int) {
        clients = Task { [count] in
            await withTaskGroup { group in
                for _ in 0..<number {
                    group.addTask {
                        await onOwnThread {
                            while !count.isOver { count.add(ProxyFixture.fetch(port, host)) }
                        }
                    }
                }
            }
        }
    }

    /// How many requests were sent, and what came instead of 200.
    func stop() async -> (answered: Int, failures: [String]) {
        count.end()
        await clients.value
        return count.result
    }

    private final class Count: Sendable {
        private let state = Mutex((isOver: false, answered: 0, failures: [String]()))

        var isOver: Bool { state.withLock(\.isOver) }
        var result: (Int, [String]) { state.withLock { ($0.answered, $0.failures) } }

        func end() { state.withLock { $0.isOver = true } }

        func add(_ answer: (status: Int, body: String)) {
            state.withLock {
                $0.answered += 1
                if answer.status != 200 { $0.failures.append("\(answer.status) \(answer.body)") }
            }
        }
    }
}

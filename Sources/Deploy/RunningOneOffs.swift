import Synchronization

/// The commands of their own that a deployer runs now, by the names of their containers.
final class RunningOneOffs: Sendable {
    private let names = Mutex<Set<String>>([])

    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }

    /// Runs `body`, during which the container of that name is wanted.
    func running<Value>(_ name: String, _ body: () async throws -> Value) async rethrows -> Value {
        names.withLock { _ = $0.insert(name) }
        defer { names.withLock { _ = $0.remove(name) } }
        return try await body()
    }
}

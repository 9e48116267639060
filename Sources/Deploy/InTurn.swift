/// Runs one after the other what must not run at once.
actor InTurn {
    private var last: Task<Void, Never>?

    /// Runs `body` once all that was asked for before has ended, to its own end even if the caller is cancelled.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let former = last
        let task = Task {
            await former?.value
            return try await body()
        }
        last = Task { _ = await task.result }
        return try await task.value
    }
}

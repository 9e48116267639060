/// Counts what goes on, so that the daemon can wait until nothing does.
actor Activity {
    private var count = 0
    private var idle: [AsyncStream<Void>.Continuation] = []

    /// Runs `body`, which counts as activity.
    nonisolated func during<Value>(_ body: () async -> Value) async -> Value {
        await add(1)
        let value = await body()
        await add(-1)
        return value
    }

    /// Waits until nothing goes on, or the task is cancelled.
    func waitUntilIdle() async {
        guard count > 0 else { return }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        idle.append(continuation)
        for await _ in stream {}
    }

    private func add(_ change: Int) {
        count += change
        guard count == 0 else { return }
        for continuation in idle { continuation.finish() }
        idle = []
    }
}

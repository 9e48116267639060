/// Holds a build, by whichever method, to its time and to the disk. Whether it may begin is judged before its source is laid
/// out, see `DiskGuard.admit`.
package struct BuildGuard: Sendable {
    private let time: Duration
    private let disk: DiskGuard?

    /// - Parameter disk: nil for no limits of disk.
    package init(time: Duration, disk: DiskGuard?) {
        self.time = time
        self.disk = disk
    }

    /// Runs `body`, and cancels it when its time is up or the disk fills. Returns or throws once `body` has ended.
    ///
    /// - Throws: what `body` throws; `BuildError` when it was stopped; `CancellationError`.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask { [time] in
                try await Task.sleep(for: time)
                throw BuildError("the build took longer than \(Words.time(time)) and was stopped")
            }
            if let disk {
                group.addTask {
                    try await disk.watch()
                    return nil
                }
            }
            defer { group.cancelAll() }
            guard let value = try await group.next(), let value else { throw CancellationError() }
            return value
        }
    }
}

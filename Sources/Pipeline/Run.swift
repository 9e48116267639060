import Build
package import Platform

/// A build on its way to serve, as seen by those who watch it.
package struct Run: Sendable {
    package let build: Platform.Build
    private let log: BuildLog
    private let task: Task<Result<Release, RunFailure>, Never>

    init(build: Platform.Build, log: BuildLog, task: Task<Result<Release, RunFailure>, Never>) {
        self.build = build
        self.log = log
        self.task = task
    }

    /// Hands every line of its log to `deliver`, from the first one on, until it has ended.
    ///
    /// - Throws: what `deliver` throws; when lines cannot be read; `CancellationError`.
    package func follow(_ deliver: @Sendable (LogLine) async throws -> Void) async throws {
        try await log.follow(deliver)
    }

    /// How it ended, once everything it had to clean up is gone.
    package func outcome() async -> Result<Release, RunFailure> { await task.value }

    /// Stops it, unless it is past the point of no return.
    package func cancel() { task.cancel() }
}

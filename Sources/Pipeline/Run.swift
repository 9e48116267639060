package import Platform

/// A build on its way to serve, as seen by those who watch it.
package struct Run: Sendable {
    package let build: Build
    private let feed: BuildFeed
    private let task: Task<Result<Release?, RunFailure>, Never>

    init(build: Build, feed: BuildFeed, task: Task<Result<Release?, RunFailure>, Never>) {
        self.build = build
        self.feed = feed
        self.task = task
    }

    /// Hands every line of its log to `deliver`, from the first one on, until it has ended.
    ///
    /// - Throws: what `deliver` throws; when lines cannot be read; `CancellationError`.
    package func follow(_ deliver: @Sendable (LogLine) async throws -> Void) async throws {
        try await feed.follow(build.id, deliver)
    }

    /// How it ended, once everything it had to clean up is gone; without a release when there was nothing to deploy.
    package func outcome() async -> Result<Release?, RunFailure> { await task.value }

    /// Stops it, unless it is past the point of no return.
    package func cancel() { task.cancel() }
}

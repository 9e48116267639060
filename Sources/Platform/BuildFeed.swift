package import Foundation
package import Postgres

/// Tells those who watch builds when something about them changed: a line, a stage, an end. One connection for all.
package actor BuildFeed {
    /// The channel of `NOTIFY` for what changed about one build; the payload is its ID.
    static let channel = "martlet_builds"
    /// The channel for what may let another build begin, or end.
    static let queueChannel = "martlet_queue"

    private let builds: BuildStore
    private let logs: BuildLogStore
    private let database: DatabasePool
    private var watchers: [UUID: (build: UUID?, wake: AsyncStream<Void>.Continuation)] = [:]
    private var listening: Task<Void, Never>?

    package init(_ database: DatabasePool) {
        self.database = database
        builds = BuildStore(database)
        logs = BuildLogStore(database)
    }

    /// Something now, and then whenever the build may have changed; the queue when nil. It may come too often, but never
    /// too rarely: it comes each 3 s, for what was missed. Several changes may come as one.
    package func changes(of build: UUID?) -> AsyncStream<Void> {
        if listening == nil { listening = Task { await listen() } }
        let id = UUID()
        let (stream, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        watchers[id] = (build, wake)
        wake.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        wake.yield()
        return stream
    }

    /// Hands every line of a build's log to `deliver`, from the first one on, until the build has ended.
    ///
    /// - Returns: the build as it ended; nil when its app was destroyed.
    /// - Throws: what `deliver` throws; `DatabaseError` when lines cannot be read; `CancellationError`.
    @discardableResult
    package nonisolated func follow(
        _ build: UUID, _ deliver: @Sendable (LogLine) async throws -> Void
    ) async throws -> Build? {
        var next = 0
        for await _ in await changes(of: build) {
            // The state is read before the lines: once it is final, no line can come after those read here.
            let now = try await builds.find(id: build)
            while case let lines = try await logs.lines(of: build, from: next), !lines.isEmpty {
                for line in lines { try await deliver(line) }
                next += lines.count
            }
            if now == nil || now?.finishedAt != nil { return now }
        }
        throw CancellationError()
    }

    /// Tells those who watch a build nothing any more, not even that nothing more comes: they wait for as long as the
    /// process lasts.
    package func leave(_ build: UUID) { watchers = watchers.filter { $0.value.build != build } }

    /// Lets go of the connection; nobody is told anything any more.
    package func close() {
        listening?.cancel()
        for watcher in watchers.values { watcher.wake.finish() }
        watchers = [:]
    }

    private func forget(_ id: UUID) { watchers[id] = nil }

    private func listen() async {
        await withTaskGroup { group in
            group.addTask { [self] in
                for await notification in database.listen([Self.channel, Self.queueChannel]) {
                    await wake(notification)
                }
            }
            group.addTask { [self] in
                while !Task.isCancelled {
                    _ = try? await Task.sleep(for: .seconds(3))
                    await wake(.reconnected)
                }
            }
        }
    }

    private func wake(_ notification: DatabaseNotification) {
        for watcher in watchers.values {
            switch notification {
            case .reconnected: watcher.wake.yield()
            case .message(Self.channel, let payload):
                if watcher.build == UUID(uuidString: payload) { watcher.wake.yield() }
            case .message: if watcher.build == nil { watcher.wake.yield() }
            }
        }
    }
}

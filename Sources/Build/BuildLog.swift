package import Foundation
package import Platform

/// The log of a running build: keeps each line in the database and wakes those who follow it.
package actor BuildLog: BuildOutput {
    private static let mostPending = 5_000
    private let build: UUID
    private let store: BuildStore
    private let limit: Int
    private var bytes = 0
    private var pending: [LogLine] = []
    private var stored = 0
    private var writer: Task<Void, Never>?
    private var failure: (any Error)?
    private var isFinished = false
    private var followers: [UUID: AsyncStream<Void>.Continuation] = [:]

    /// - Parameter limit: bytes of text that are kept; what comes later is dropped, and a line says so.
    package init(build: UUID, store: BuildStore, limit: Int = 50 << 20) {
        self.build = build
        self.store = store
        self.limit = limit
    }

    /// Adds a line. Suspends while the database is behind, so that a build cannot outrun it.
    package func add(_ stream: LogLine.Stream, _ text: String) async {
        guard !isFinished, bytes <= limit || stream == .martlet else { return }
        bytes += text.utf8.count
        pending.append(LogLine(stream, text))
        if bytes > limit, stream != .martlet {
            pending.append(
                LogLine(.martlet, " !     the log is longer than \(limit >> 20) MiB; the rest of it is dropped"))
        }
        let writer = writer ?? startWriter()
        if pending.count > Self.mostPending { await writer.value }
    }

    /// Waits until every line is kept. No line is taken afterwards.
    ///
    /// - Throws: why lines could not be kept.
    package func finish() async throws {
        isFinished = true
        await writer?.value
        for follower in followers.values { follower.yield() }
        if let failure { throw failure }
    }

    /// Hands every line to `deliver`, from the first one on, until the log is finished.
    ///
    /// - Throws: what `deliver` throws; `DatabaseError` when lines cannot be read; `CancellationError`.
    package func follow(_ deliver: @Sendable (LogLine) async throws -> Void) async throws {
        var next = 0
        for await _ in wakes() {
            while case let lines = try await store.log(of: build, from: next, limit: 500), !lines.isEmpty {
                for line in lines { try await deliver(line) }
                next += lines.count
            }
            if isFinished, writer == nil, next >= stored || failure != nil { return }
        }
        try Task.checkCancellation()
    }

    /// A wake now, one after each batch of lines, and one at the end.
    private func wakes() -> AsyncStream<Void> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        followers[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        continuation.yield()
        return stream
    }

    private func forget(_ id: UUID) { followers[id] = nil }

    private func startWriter() -> Task<Void, Never> {
        let task = Task { await write() }
        writer = task
        return task
    }

    /// Stores what is pending, batch by batch: while one is on its way, the next gathers.
    private func write() async {
        while !pending.isEmpty {
            let batch = pending
            pending = []
            do {
                try await store.append(batch, to: build, from: stored)
                stored += batch.count
            } catch {
                failure = failure ?? error
            }
            for follower in followers.values { follower.yield() }
        }
        writer = nil
    }
}

package import Foundation
package import Platform

/// The end of a build's log to which this process adds: keeps each line in the database.
package actor BuildLog: BuildOutput {
    /// How much waits at most while the database is at work: as many lines again are on their way to it.
    private static let mostPending = (lines: 5_000, bytes: 512 << 10)
    private let build: UUID
    private let store: BuildLogStore
    private let limit: Int
    private var bytes = 0
    private var pending: [LogLine] = []
    private var pendingBytes = 0
    private var writer: Task<Void, Never>?
    /// Those who wait for room.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var failure: (any Error)?
    private var isFinished = false

    /// - Parameter limit: bytes of text that are kept; what comes later is dropped, and a line says so.
    package init(build: UUID, store: BuildLogStore, limit: Int = 50 << 20) {
        self.build = build
        self.store = store
        self.limit = limit
    }

    /// Adds a line. Suspends while the database is behind, so that a build cannot outrun it.
    package func add(_ stream: LogLine.Stream, _ text: String) async {
        guard !isFinished, bytes <= limit || stream == .martlet else { return }
        append(LogLine(stream, text))
        if bytes > limit, stream != .martlet {
            append(LogLine(.martlet, " !     the log is longer than \(limit >> 20) MiB; the rest of it is dropped"))
        }
        if writer == nil { writer = Task { await write() } }
        if pending.count > Self.mostPending.lines || pendingBytes > Self.mostPending.bytes {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Waits until every line is kept. No line is taken afterwards.
    ///
    /// - Throws: why lines could not be kept.
    package func finish() async throws {
        isFinished = true
        await writer?.value
        if let failure { throw failure }
    }

    private func append(_ line: LogLine) {
        bytes += line.text.utf8.count
        pendingBytes += line.text.utf8.count
        pending.append(line)
    }

    /// Stores what is pending, batch by batch: while one is on its way, the next gathers.
    private func write() async {
        while !pending.isEmpty {
            let batch = takePending()
            do {
                try await store.append(batch, to: build)
            } catch {
                failure = failure ?? error
            }
        }
        writer = nil
    }

    /// Makes room for those who wait.
    private func takePending() -> [LogLine] {
        defer {
            (pending, pendingBytes) = ([], 0)
            for waiter in waiting { waiter.resume() }
            waiting = []
        }
        return pending
    }
}

import FoundationEssentials
import Glibc

extension DockerClient {
    /// For how long one request asks for events. Docker ends it then, so that a connection that is silent
    /// for longer means a daemon that hangs.
    private static let sliceSeconds = 240

    /// What happens from now on to things that carry all of `labels`.
    ///
    /// The stream ends when its reader lets go of it or is cancelled, and throws `DockerError` when Docker goes away.
    ///
    /// - Parameters:
    ///   - types: of what: `container`, `network`, `image` …
    ///   - actions: such as `die`; all for none.
    package func events(
        labels: [String: String], types: [String] = ["container"], actions: [String] = []
    ) -> AsyncThrowingStream<DockerEvent, any Error> {
        let filters = Filters(
            labels: labels, ["type": types].merging(actions.isEmpty ? [:] : ["event": actions]) { $1 })
        let start = Self.nanosecondsNow()
        return AsyncThrowingStream { continuation in
            let task = Task { [self] in
                do {
                    try await pass(filters, from: start, to: continuation)
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func pass(
        _ filters: Filters, from start: Int, to continuation: AsyncThrowingStream<DockerEvent, any Error>.Continuation
    ) async throws {
        var from = start
        while !Task.isCancelled {
            let until = Self.nanosecondsNow() + Self.sliceSeconds * 1_000_000_000
            let query = [("since", Self.timestamp(from)), ("until", Self.timestamp(until))] + (try filters.query)
            let request = Request(.get, ["events"], query: query, seconds: Self.sliceSeconds + 30)
            try await connection.lines(request, "follow Docker's events") { line in
                continuation.yield(DockerEvent(try JSONDecoder().decode(DockerEvent.Answer.self, from: Data(line))))
            }
            // A daemon that stops ends the answer early, without an error.
            guard Self.nanosecondsNow() >= until else {
                throw DockerError(
                    operation: "follow Docker's events", reason: "Docker ended them; is it stopping?",
                    isUnavailable: true)
            }
            from = until
        }
    }

    private static func nanosecondsNow() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func timestamp(_ nanoseconds: Int) -> String {
        let fraction = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000).\(String(repeating: "0", count: 9 - fraction.count))\(fraction)"
    }
}

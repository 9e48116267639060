import AsyncHTTPClient
import NIOCore

extension DockerClient {
    /// For how long a log is followed: whoever follows it ends it before by removing the container.
    private static let longest = 7 * 24 * 3600

    /// The last lines that a container printed, oldest first.
    ///
    /// - Parameter tail: how many at most; lines beyond 16 KiB count as several.
    package func logs(_ container: String, tail: Int) async throws -> [ContainerLogLine] {
        let query = [("stdout", "1"), ("stderr", "1"), ("tail", "\(tail)")]
        let request = Request(.get, ["containers", container, "logs"], query: query)
        var frames = LogFrames()
        frames.append(try await connection.send(request, "read the log of container '\(container)'"))
        return frames.finish()
    }

    /// Everything that a container prints, from its start to its end, line by line as it is printed.
    ///
    /// - Parameter take: is given each line; no more are read until it returns. The lines of each stream are in order.
    /// - Returns: its exit code.
    /// - Throws: what `take` throws; `DockerError`, `isNotFound` when there is no such container, or no more;
    ///   `CancellationError`.
    package func followLog(
        of container: String, take: @escaping @Sendable (ContainerLogLine) async throws -> Void
    ) async throws -> Int {
        var lines = try await follow(container, take)
        let code = try await wait(container)
        // Docker may end the log a moment before its last lines are in it.
        for message in try await messages(of: container, after: lines.last) {
            if let line = lines.append(message) { try await take(line) }
        }
        for line in lines.finish() { try await take(line) }
        return code
    }

    private func follow(
        _ container: String, _ take: @escaping @Sendable (ContainerLogLine) async throws -> Void
    ) async throws -> LogLines {
        let request = logRequest(container, [("follow", "1")], seconds: Self.longest)
        let (lines, failure): (LogLines, (any Error)?) = try await connection.send(
            request, "follow the log of container '\(container)'"
        ) { response in
            var messages = LogMessages()
            var lines = LogLines()
            for try await chunk in response.body {
                for message in messages.append(Array(chunk.readableBytesView)) {
                    guard let line = lines.append(message) else { continue }
                    // Returned, since what is thrown here becomes an error of Docker's.
                    do { try await take(line) } catch { return (lines, error) }
                }
            }
            return (lines, nil)
        }
        if let failure { throw failure }
        return lines
    }

    /// What a container that has ended printed after `last`; everything for nil.
    private func messages(of container: String, after last: LogMessage?) async throws -> [LogMessage] {
        for tail in last == nil ? ["all"] : ["1000", "all"] {
            let request = logRequest(container, [("tail", tail)], seconds: 60)
            var frames = LogMessages()
            let found = frames.append(
                try await connection.send(request, "read the log of container '\(container)'"))
            guard let last else { return found }
            if let index = found.lastIndex(of: last) { return Array(found[(index + 1)...]) }
        }
        // So much was printed meanwhile that Docker has dropped what came before it.
        return []
    }

    private func logRequest(_ container: String, _ query: [(name: String, value: String)], seconds: Int) -> Request {
        let always = [("stdout", "1"), ("stderr", "1"), ("timestamps", "1")]
        return Request(.get, ["containers", container, "logs"], query: always + query, seconds: seconds)
    }
}

package import Logging

/// A client of the Docker Engine API on a unix socket.
///
/// Every request ends: with an answer, with a `DockerError`, or, when the task is cancelled, with `CancellationError`
/// and its connection closed.
package final class DockerClient: Sendable {
    let connection: DockerConnection

    /// A client of the daemon at `socket`. Nothing is sent before the first request.
    ///
    /// - Parameter socket: the path of a unix socket, such as `/var/run/docker.sock`.
    package init(socket: String, logger: Logger) {
        connection = DockerConnection(socket: socket, logger: logger)
    }

    /// Closes all connections. The client must be shut down before it is let go, and must not be used afterwards.
    package func shutdown() async throws { try await connection.shutdown() }

    /// Asks whether the daemon answers.
    ///
    /// - Throws: `DockerError`, `isUnavailable` when its socket cannot be used; also when its API is too old.
    @discardableResult
    package func ping() async throws -> DockerVersion { try await connection.ping() }
}

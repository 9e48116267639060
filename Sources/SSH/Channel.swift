/// One request of a client with its three streams. May be used from any task.
package final class Channel: Sendable {
    /// What the client asked for.
    package let request: ChannelRequest
    /// The value of the environment variable `GIT_PROTOCOL`, if the client sent one.
    package let protocolVersion: String?
    /// Whether the client asked for a terminal: its own is raw then, and lines should end in CR LF.
    package let hasTerminal: Bool

    private let connection: Connection
    private let id: Int

    init(_ channel: SessionChannel, request: ChannelRequest, on connection: Connection) {
        self.request = request
        protocolVersion = channel.protocolVersion
        hasTerminal = channel.hasTerminal
        self.connection = connection
        id = channel.id
    }

    /// The next bytes from the client: all that have arrived, at most 4 MiB; empty once it has sent its end of file. What is
    /// not read stays in the SSH window, which holds the client back.
    ///
    /// - Throws: when the client closed the channel without an end of file or is gone, or the task is cancelled.
    package func read() async throws(SSHError) -> [UInt8] {
        try await connection.read(id)
    }

    /// Sends `bytes` to the client's standard output; suspends while its window or the socket is full. The bytes of
    /// one call stay together.
    ///
    /// - Throws: when the channel is closed, the client is gone, or the task is cancelled.
    package func write(_ bytes: [UInt8]) async throws(SSHError) {
        try await connection.write(bytes, to: id, isError: false)
    }

    /// Sends `bytes` to the client's standard error (RFC 4254 §5.2), otherwise like `write`.
    package func writeError(_ bytes: [UInt8]) async throws(SSHError) {
        try await connection.write(bytes, to: id, isError: true)
    }
}

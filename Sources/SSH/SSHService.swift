/// What the SSH server asks of the program behind it: who is it, and what happens on a channel.
package protocol SSHService: Sendable {
    /// Whoever a key belongs to.
    associatedtype Identity: Sendable

    /// The owner of `key`, or nil to refuse it. Asked for probes, which prove nothing, and for verified signatures
    /// alike; only the answer to a verified signature counts.
    ///
    /// - Throws: when it cannot tell now (the database is down): the client is disconnected with the error's text.
    func identify(_ key: OfferedKey, user: String, from peer: Peer) async throws -> Identity?

    /// Serves one channel and returns its exit status (0-255). Its task is cancelled when the client closes the
    /// channel or the connection is lost. It begins on the connection's own thread: work that blocks belongs on
    /// another one, or the connection's other channels wait.
    func serve(_ channel: Channel, as identity: Identity, key: OfferedKey, from peer: Peer) async -> Int32
}

/// How much a pushing client may say before the pack; git itself has no such limits.
package struct ReceivePackLimits: Sendable {
    /// The most commands.
    package var commands = 10_000
    /// The most push options.
    package var pushOptions = 1_000
    /// The most bytes, the lengths of the packets included.
    package var bytes = 8 << 20

    /// The limits that a server without settings has.
    package init() {}
}

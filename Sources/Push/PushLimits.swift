package import Git
package import GitWire

/// What one push may bring and take; beyond any of these it is refused, with nothing changed.
package struct PushLimits: Sendable {
    /// What its pack may be.
    package var pack = PackLimits()
    /// What it may say before its pack.
    package var request = ReceivePackLimits()
    /// References that a repository may have, hidden ones left out.
    package var references = 100_000
    /// Seconds that a client may send nothing while more of its pack is to come: it may compress for long.
    package var silentSeconds = 600

    /// The limits that a server without settings has.
    package init() {}
}

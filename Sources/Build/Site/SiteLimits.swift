/// How much one static site may hold.
package struct SiteLimits: Sendable, Equatable {
    /// Bytes of all files.
    package var bytes = 2 << 30
    /// Files and folders.
    package var entries = 200_000

    /// The defaults.
    package init() {}
}

/// How much one exported commit may hold.
package struct ExportLimits: Sendable {
    /// Files, links, folders and submodules together.
    package var entries = 1_000_000
    /// Bytes of all files.
    package var bytes = 16 << 30
    /// Folders within folders.
    package var depth = 256

    /// The defaults.
    package init() {}
}

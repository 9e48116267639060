/// What an export wrote, and what in the commit it could not write. Paths are relative, with "/" between their
/// parts; bytes that are not UTF-8 are replaced. Untrusted text: escape it before a terminal.
package struct TreeExport: Equatable, Sendable {
    /// Files and symbolic links written.
    package internal(set) var files = 0
    /// Bytes in them.
    package internal(set) var bytes = 0
    /// Submodules: an empty folder was made for each, as `git archive` does.
    package internal(set) var submodules: [String] = []
    /// Files that are only pointers of Git LFS to content kept elsewhere; written as they are.
    package internal(set) var lfsPointers: [String] = []
}

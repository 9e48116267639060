/// A file with everything that an app had.
package struct AppArchive: Sendable, Equatable {
    /// Absolute.
    package let path: String
    /// Its size.
    package let bytes: Int

    package init(path: String, bytes: Int) {
        self.path = path
        self.bytes = bytes
    }
}

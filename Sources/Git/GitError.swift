/// Why something with a repository failed.
///
/// `description` reads "what failed 'object': why"; `reason` alone is what a report status line shows
/// (`unpack <reason>`), in git's own words where git has some.
package struct GitError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted, such as "open repository '/srv/a.git'".
    package let operation: String
    /// Why it failed: lower case, one line, no full stop.
    package let reason: String
    /// The code of libgit2 or of the system (`errno`); nil when the refusal is our own.
    package let code: Int32?

    /// An error of `operation`, for `reason`.
    package init(operation: String, reason: String, code: Int32? = nil) {
        self.operation = operation
        self.reason = reason
        self.code = code
    }

    package var description: String { "\(operation): \(reason)" }
}

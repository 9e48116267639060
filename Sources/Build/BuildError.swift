/// Why a commit could not be made into an image, in words for the person who pushed it.
package struct BuildError: Error, CustomStringConvertible, Equatable {
    /// One line without a full stop, such as `'RUN make' exited with 2`.
    package let description: String
    /// What to do next; nil when the log says it all.
    package let hint: String?

    package init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}

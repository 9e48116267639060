package import GitWire

/// What a list of commits shows of one.
package struct CommitSummary: Hashable, Sendable {
    package let id: ObjectID
    /// The commit's root folder.
    package let tree: ObjectID
    /// As written in the commit; bytes that are not UTF-8 are replaced. Untrusted text: escape it before a terminal.
    package let authorName: String
    package let authorEmail: String
    /// When the author wrote it, in seconds since 1970.
    package let time: Int64
    /// The first line of the message, empty if there is none; bytes that are not UTF-8 are replaced.
    package let subject: String
}

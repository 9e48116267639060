/// Judges a new commit the way `git fsck` does, except that any numeric time zone is let through: well-known histories
/// have broken ones.
struct CommitValidator {
    let tree: ObjectKey
    let parents: [ObjectKey]

    /// Throws what is wrong with the commit `bytes`.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        try reader.requireEnd("read commit")
        guard let tree = reader.key(of: "tree") else { throw Self.refusal("it has no valid tree line") }
        guard !tree.isZero else { throw Self.refusal("its tree is the null object ID") }
        var parents: [ObjectKey] = []
        while let parent = reader.key(of: "parent") { parents.append(parent) }
        guard !reader.isAt("parent") else { throw Self.refusal("it has no valid parent line") }
        try Self.requirePerson(&reader, "author")
        guard !reader.isAt("author") else { throw Self.refusal("it has several author lines") }
        try Self.requirePerson(&reader, "committer")
        self.tree = tree
        self.parents = parents
    }

    private static func requirePerson(_ reader: inout HeaderReader, _ key: StaticString) throws(GitError) {
        guard let line = reader.value(of: key) else { throw refusal("it has no valid \(key) line") }
        if let flaw = PersonLine.flaw(in: line) { throw refusal("it has no valid \(key) line (\(flaw))") }
    }

    private static func refusal(_ reason: String) -> GitError { GitError(operation: "read commit", reason: reason) }
}

/// The lines that open a commit (`gitformat-commit`): its links, and who made it when.
struct CommitHeader {
    let tree: ObjectKey
    let parents: [ObjectKey]
    /// Nil where the line is missing or malformed: old histories have such commits, new ones are refused.
    let author: Signature?
    let committer: Signature?

    /// The time that a walk orders commits by, in seconds since 1970.
    var time: Int64 { committer?.time ?? 0 }

    /// Reads the header lines in git's fixed order; throws when there is no tree line to begin with.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        try self.init(&reader)
    }

    /// As above; leaves `reader` after the committer line.
    init(_ reader: inout HeaderReader) throws(GitError) {
        guard let tree = reader.key(of: "tree") else {
            throw GitError(operation: "read commit", reason: "it has no valid tree line")
        }
        var parents: [ObjectKey] = []
        while let parent = reader.key(of: "parent") { parents.append(parent) }
        self.tree = tree
        self.parents = parents
        author = reader.value(of: "author").flatMap { Signature($0) }
        committer = reader.value(of: "committer").flatMap { Signature($0) }
    }
}

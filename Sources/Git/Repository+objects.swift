import CLibGit2
package import GitWire

extension Repository {
    /// The kind of an object; nil if the repository has none of that ID.
    package func kind(of id: ObjectID) throws(GitError) -> ObjectKind? {
        try database.kind(of: ObjectKey(id))
    }

    /// The commit that `id` is, or that it points to as an annotated tag; nil if it is missing or leads elsewhere.
    package func peelToCommit(_ id: ObjectID) throws(GitError) -> ObjectID? {
        try peelToCommit(ObjectKey(id))?.id
    }

    func peelToCommit(_ key: ObjectKey) throws(GitError) -> ObjectKey? {
        var key = key
        while true {
            switch try database.kind(of: key) {
            case .commit: return key
            case .tag:
                let target = try database.withObject(key) { _, bytes throws(GitError) in try TagHeader(bytes).target }
                guard let target else { return nil }
                key = target
            case .tree, .blob, nil: return nil
            }
        }
    }

    /// Whether commit `ancestor` is `commit` or can be reached from it: that a move from the one to the other is a
    /// fast-forward.
    ///
    /// - Throws: when one of them is missing or no commit.
    package func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
        if ancestor == commit { return true }
        var ancestorOID = ObjectKey(ancestor).oid
        var commitOID = ObjectKey(commit).oid
        let code = git_graph_descendant_of(handle, &commitOID, &ancestorOID)
        try check(code, "compare '\(ancestor.short)' with '\(commit.short)'")
        return code == 1
    }

    /// What is to be shown of a commit.
    ///
    /// - Throws: when it is missing or no commit.
    package func commit(_ id: ObjectID) throws(GitError) -> CommitSummary {
        let operation = "read commit '\(id)'"
        let summary = try database.withObject(ObjectKey(id)) { kind, bytes throws(GitError) in
            guard kind == .commit else { throw GitError(operation: operation, reason: "it is a \(kind)") }
            return try CommitSummary(id: id, bytes)
        }
        guard let summary else { throw GitError(operation: operation, reason: "there is no such object") }
        return summary
    }
}

extension CommitSummary {
    fileprivate init(id: ObjectID, _ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        let header = try CommitHeader(&reader)
        reader.skipToMessage()
        let message = reader.rest.drop { $0 == UInt8(ascii: "\n") }
        self.init(
            id: id, tree: header.tree.id, authorName: header.author?.name ?? "",
            authorEmail: header.author?.email ?? "", time: header.author?.time ?? 0,
            subject: String(decoding: message.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

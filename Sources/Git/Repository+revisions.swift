import CLibGit2
package import GitWire

extension Repository {
    /// The commit that people mean by a branch, a tag, an object ID or at least 7 digits of one; nil when there is none, or
    /// digits are those of several. References other than branches and tags are nobody's to name.
    package func commit(named text: String) throws(GitError) -> ObjectID? {
        for folder in ["refs/heads/", "refs/tags/"] {
            guard let name = ReferenceName(folder + text), let target = try target(of: name) else { continue }
            return try peelToCommit(target)
        }
        return try object(beginning: text).flatMap { id throws(GitError) in try peelToCommit(id) }
    }

    /// How many commits lead to `new` but not to `old`, and how many to `old` but not to `new`.
    ///
    /// - Throws: when one of them is missing or no commit.
    package func distance(from old: ObjectID, to new: ObjectID) throws(GitError) -> (ahead: Int, behind: Int) {
        var (ahead, behind) = (0, 0)
        var (oldOID, newOID) = (ObjectKey(old).oid, ObjectKey(new).oid)
        try check(
            git_graph_ahead_behind(&ahead, &behind, handle, &newOID, &oldOID),
            "compare '\(old.short)' with '\(new.short)'")
        return (ahead, behind)
    }

    private func object(beginning text: String) throws(GitError) -> ObjectID? {
        guard (7...40).contains(text.utf8.count), text.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
        else {
            return nil
        }
        if let id = ObjectID(text) { return exists(ObjectKey(id)) ? id : nil }
        var (short, found) = (git_oid(), git_oid())
        try check(git_oid_fromstrn(&short, text, text.utf8.count), "read object ID '\(text)'")
        let code = git_odb_exists_prefix(&found, database.handle, &short, text.utf8.count)
        if code == GIT_ENOTFOUND.rawValue || code == GIT_EAMBIGUOUS.rawValue { return nil }
        try check(code, "find object '\(text)'")
        return ObjectKey(found).id
    }
}

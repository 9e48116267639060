import CLibGit2
package import GitWire

extension Repository {
    /// All references below `refs/`, sorted by the bytes of their names, hidden ones included. Those that point
    /// nowhere, to no object, or have a name that git would refuse are left out.
    package func references() throws(GitError) -> [Reference] {
        try ReferenceCache.shared.snapshot(of: path).all.map { Reference(name: $0.name, target: $0.target) }
    }

    /// The object that a reference points to, through symbolic references; nil if there is no such reference.
    package func target(of name: ReferenceName) throws(GitError) -> ObjectID? {
        var oid = git_oid()
        let code = git_reference_name_to_id(&oid, handle, name.text)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "read reference '\(name.text)'")
        return ObjectKey(oid).id
    }

    /// The branch that `HEAD` names, whether it exists yet or not.
    ///
    /// - Throws: when `HEAD` names no branch.
    package func headBranch() throws(GitError) -> ReferenceName {
        var raw: OpaquePointer?
        try check(git_reference_lookup(&raw, handle, "HEAD"), "read 'HEAD'")
        defer { git_reference_free(raw) }
        guard let text = git_reference_symbolic_target(raw), let name = ReferenceName(String(cString: text)) else {
            throw GitError(operation: "read 'HEAD'", reason: "it names no branch")
        }
        return name
    }

    /// Makes `HEAD` name `branch`, which need not exist yet; forced to disk.
    package func setHead(to branch: ReferenceName) throws(GitError) {
        guard branch.isBranch else {
            throw GitError(operation: "set 'HEAD'", reason: "'\(branch.text)' is not a branch")
        }
        try RepositoryLock.of(path).withLock { () throws(GitError) in
            let lock = try LockFile(locking: "\(path)/HEAD")
            try lock.write(Array("ref: \(branch.text)\n".utf8))
            try lock.commit()
            try FileSystem.synchronize(path)
        }
    }

    /// Whether there is an object of that ID; a miss does not read the folder of packs again.
    func exists(_ key: ObjectKey) -> Bool {
        var oid = key.oid
        return git_odb_exists_ext(database.handle, &oid, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 1
    }
}

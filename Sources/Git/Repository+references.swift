import CLibGit2
package import GitWire

extension Repository {
    /// All references below `refs/`, sorted by the bytes of their names, hidden ones included. Those that point
    /// nowhere, to no object, or have a name that git would refuse are left out.
    package func references() throws(GitError) -> [Reference] {
        var iterator: OpaquePointer?
        try check(git_reference_iterator_new(&iterator, handle), "list references")
        defer { git_reference_iterator_free(iterator) }
        var references: [Reference] = []
        while true {
            var raw: OpaquePointer?
            let code = git_reference_next(&raw, iterator)
            if code == GIT_ITEROVER.rawValue { break }
            try check(code, "list references")
            defer { git_reference_free(raw) }
            if let reference = usable(raw) { references.append(reference) }
        }
        return references.sorted { $0.name < $1.name }
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

    private func usable(_ raw: OpaquePointer?) -> Reference? {
        guard let text = String(validatingCString: git_reference_name(raw)), let name = ReferenceName(text),
            let key = resolve(raw)
        else { return nil }
        return Reference(name: name, target: key.id)
    }

    private func resolve(_ raw: OpaquePointer?) -> ObjectKey? {
        if let oid = git_reference_target(raw) { return existing(oid.pointee) }
        var resolved: OpaquePointer?
        guard git_reference_resolve(&resolved, raw) == 0 else { return nil }
        defer { git_reference_free(resolved) }
        return git_reference_target(resolved).flatMap { existing($0.pointee) }
    }

    private func existing(_ oid: git_oid) -> ObjectKey? {
        var oid = oid
        // A miss would otherwise read the folder of packs again, once for each broken reference.
        let found = git_odb_exists_ext(database.handle, &oid, GIT_ODB_LOOKUP_NO_REFRESH.rawValue)
        return found == 1 ? ObjectKey(oid) : nil
    }
}

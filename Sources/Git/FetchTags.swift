import CLibGit2
import GitWire

extension Repository {
    /// What the references below `refs/tags/` point to, as written there: nothing is peeled or looked for.
    func tagTargets() throws(GitError) -> [ObjectID] {
        var iterator: OpaquePointer?
        try check(git_reference_iterator_glob_new(&iterator, handle, "refs/tags/*"), "list tags")
        defer { git_reference_iterator_free(iterator) }
        var targets: [ObjectID] = []
        while true {
            var raw: OpaquePointer?
            let code = git_reference_next(&raw, iterator)
            if code == GIT_ITEROVER.rawValue { return targets }
            try check(code, "list tags")
            defer { git_reference_free(raw) }
            guard let text = String(validatingCString: git_reference_name(raw)), let name = ReferenceName(text),
                !name.isHidden, let oid = git_reference_target(raw)
            else { continue }
            targets.append(ObjectKey(oid.pointee).id)
        }
    }
}

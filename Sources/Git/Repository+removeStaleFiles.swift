extension Repository {
    /// Removes what a process that was killed in the middle of a push left behind: lock files, quarantines,
    /// temporary packs and objects. Returns their paths within the repository, sorted.
    ///
    /// Only for the start, while nobody else writes: it cannot tell a stale lock from one in use.
    package func removeStaleFiles() throws(GitError) -> [String] {
        var stale = ["HEAD.lock", "packed-refs.lock", "packed-refs.new", "config.lock"]
            .filter { FileSystem.status(of: "\(path)/\($0)") != nil }
        stale += try locks(below: "refs")
        stale += try staleObjects()
        for file in stale { try FileSystem.remove("\(path)/\(file)") }
        return stale.sorted()
    }

    private func locks(below folder: String) throws(GitError) -> [String] {
        var found: [String] = []
        for name in try FileSystem.names(in: "\(path)/\(folder)") {
            let file = "\(folder)/\(name)"
            if FileSystem.isDirectory("\(path)/\(file)") {
                found += try locks(below: file)
            } else if name.hasSuffix(".lock") {
                found.append(file)
            }
        }
        return found
    }

    private func staleObjects() throws(GitError) -> [String] {
        var found: [String] = []
        for name in try FileSystem.names(in: "\(path)/objects") {
            let file = "objects/\(name)"
            if name.hasPrefix(QuarantineFiles.prefix) || name.hasPrefix("tmp_") {
                found.append(file)
            } else if name == "pack" {
                found += try files(in: file) { Self.isTemporaryPack($0) }
            } else if name.utf8.count == 2 {
                found += try files(in: file) { $0.hasPrefix("tmp_obj") }
            }
        }
        return found
    }

    private func files(in folder: String, where isStale: (String) -> Bool) throws(GitError) -> [String] {
        try FileSystem.names(in: "\(path)/\(folder)").filter(isStale).map { "\(folder)/\($0)" }
    }

    /// git's "tmp_pack_XXXXXX" and libgit2's "pack_git2_XXXXXX"; finished packs are "pack-<name>".
    private static func isTemporaryPack(_ name: String) -> Bool {
        name.hasPrefix("tmp_") || name.hasPrefix("pack_") || name.hasSuffix(".lock")
    }
}

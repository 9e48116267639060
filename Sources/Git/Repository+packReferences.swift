import GitWire

extension Repository {
    /// Loose references beyond which `packReferences` is worth its while.
    private static let looseReferences = 48

    /// Moves the loose references of the repository at `path` into `packed-refs` if there are many, as `git
    /// pack-refs --all` does: reading one file is cheaper than reading hundreds. Values stay what they are at every
    /// moment, also for other processes. Returns how many were moved. Blocks the thread.
    ///
    /// - Throws: when files cannot be read or written; everything is valid then as well.
    package static func packReferences(at path: String) throws(GitError) -> Int {
        try RepositoryLock.of(path).withLock { () throws(GitError) in
            let snapshot = try ReferenceCache.shared.snapshot(of: path)
            guard snapshot.looseCount > looseReferences else { return 0 }
            let packing = try LoosePacking(of: path, snapshot)
            try packing.write()
            return packing.removeLoose()
        }
    }
}

/// The loose references of a repository on their way into `packed-refs`.
private struct LoosePacking {
    private let path: String
    private var moving: [StoredReference] = []

    /// Symbolic references stay loose, and so does what points to no object.
    init(of path: String, _ snapshot: ReferenceSnapshot) throws(GitError) {
        self.path = path
        let known = Dictionary(snapshot.all.map { ($0.name, $0) }) { first, _ in first }
        for reference in try ReferenceFiles(repository: path).references where reference.isLoose {
            guard case .object(let target) = reference.value, let advertised = known[reference.name],
                advertised.target == target.id
            else { continue }
            var packed = reference
            packed.peeled = advertised.peeled.map { ObjectKey($0) } ?? .zero
            moving.append(packed)
        }
    }

    /// Writes them into `packed-refs`, on disk when this returns.
    func write() throws(GitError) {
        guard !moving.isEmpty else { return }
        let lock = try LockFile(locking: "\(path)/packed-refs")
        let changes = Dictionary(moving.map { (Array($0.name.text.utf8), Optional($0)) }) { first, _ in first }
        guard let file = try ReferenceCache.shared.packed(of: path).encoded(with: changes) else { return }
        try lock.write(file)
        try lock.commit()
        try FileSystem.synchronize(path)
    }

    /// Removes the loose files that still say the same. One that somebody has locked stays.
    func removeLoose() -> Int {
        let folders = ReferenceFolders(repository: path)
        var count = 0
        for reference in moving {
            let file = folders.file(of: reference.name)
            guard let lock = try? LockFile(locking: file, patience: 0) else { continue }
            defer { lock.release() }
            guard case .object(let target) = reference.value,
                case .object(let now)? = ReferenceFiles.value(ofFile: file), now == target,
                (try? FileSystem.remove(file)) != nil
            else { continue }
            count += 1
        }
        for reference in moving { _ = folders.prune(after: reference.name) }
        return count
    }
}

import GitWire

/// Puts the new values of locked references in place, all of them or, if that fails, none.
struct ReferenceCommit {
    private let locked: [LockedReference]
    private let repository: String
    private let objects: KnownObjects

    init(_ locked: [LockedReference], in repository: String, objects: KnownObjects) {
        self.locked = locked
        self.repository = repository
        self.objects = objects
    }

    /// On disk when it returns; the locks are given up, also when it throws. With `packed`, all new values go into
    /// `packed-refs`.
    func run(packed: Bool) throws(GitError) {
        defer { for reference in locked { reference.abandon() } }
        if packed { try commitPacked() } else { try commitLoose() }
    }

    /// Writes all new values beside the old ones, then renames each over the old one.
    private func commitLoose() throws(GitError) {
        let deletions = locked.filter(\.update.isDeletion)
        for reference in locked { try reference.prepare() }
        let packed = try packedChange(to: deletions.map(\.update))
        var done: [LockedReference] = []
        do throws(GitError) {
            for reference in locked where !reference.update.isDeletion {
                try reference.commit()
                done.append(reference)
            }
            done += deletions
            try packed?.commit()
            for reference in deletions { try reference.commit() }
            try synchronize(isPackedChanged: packed != nil)
        } catch {
            for reference in locked { reference.abandon() }
            for reference in done.reversed() { restore(reference) }
            throw error
        }
    }

    /// Writes all new values into `packed-refs`, then removes the loose files that would still hide them.
    private func commitPacked() throws(GitError) {
        let changed = locked.filter(\.isChanged)
        try packedChange(to: changed.map(\.update))?.commit()
        do throws(GitError) {
            try FileSystem.synchronize(repository)
            for reference in changed { try reference.removeLoose() }
            try synchronize(isPackedChanged: false)
        } catch {
            restorePacked(changed)
            throw error
        }
    }

    /// A locked and written `packed-refs` with what `updates` make of it; nil if that changes nothing.
    private func packedChange(to updates: [ReferenceUpdate]) throws(GitError) -> LockFile? {
        guard !updates.isEmpty else { return nil }
        let lock = try LockFile(locking: "\(repository)/packed-refs")
        var changes: [[UInt8]: StoredReference?] = [:]
        for update in updates {
            changes[Array(update.name.text.utf8)] = .some(update.isDeletion ? nil : try stored(update))
        }
        guard let file = try ReferenceCache.shared.packed(of: repository).encoded(with: changes) else { return nil }
        try lock.write(file)
        return lock
    }

    private func stored(_ update: ReferenceUpdate) throws(GitError) -> StoredReference {
        StoredReference(
            name: update.name, value: .object(ObjectKey(update.new)), peeled: try objects.peeled(update.new),
            isLoose: false)
    }

    private func synchronize(isPackedChanged: Bool) throws(GitError) {
        var folders: Set<String> = isPackedChanged ? [repository] : []
        for reference in locked { folders.formUnion(reference.touchedFolders) }
        for folder in folders where FileSystem.isDirectory(folder) { try FileSystem.synchronize(folder) }
    }

    /// Gives a reference its old value back.
    private func restore(_ reference: LockedReference) {
        let folders = ReferenceFolders(repository: repository)
        let name = reference.update.name
        do throws(GitError) {
            guard let previous = reference.previous else { return try FileSystem.remove(folders.file(of: name)) }
            _ = try folders.make(for: name)
            let lock = try LockFile(locking: folders.file(of: name))
            try lock.write(Array("\(previous)\n".utf8))
            try lock.commit()
            try FileSystem.synchronize(folders.folder(of: name))
        } catch {
            ReferenceLog.restoreFailed(error, name, repository)
        }
    }

    /// Gives all references their old values back in `packed-refs`: it does not matter which still have a loose file.
    private func restorePacked(_ references: [LockedReference]) {
        do throws(GitError) {
            let updates = references.map { reference in
                ReferenceUpdate(
                    name: reference.update.name, old: reference.update.new, new: reference.previous ?? .zero)
            }
            try packedChange(to: updates)?.commit()
            try FileSystem.synchronize(repository)
        } catch {
            for reference in references { ReferenceLog.restoreFailed(error, reference.update.name, repository) }
        }
    }
}

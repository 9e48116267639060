import GitWire

/// A reference whose lock file is ours, and whose value agreed with what the client believes once it was locked.
final class LockedReference {
    let update: ReferenceUpdate
    /// The value it had when it was locked; nil if it did not exist.
    let previous: ObjectID?
    private let lock: LockFile
    /// The folders whose entries the change touches, to be forced to disk after it.
    private(set) var touchedFolders: Set<String>
    private let folders: ReferenceFolders

    /// Locks the reference of `update`, then compares its value with the client's.
    ///
    /// - Throws: `ReferenceRefusal` when they differ, when another reference is in the way, or when it cannot be
    ///   locked or read.
    init(
        locking update: ReferenceUpdate, in reader: ReferenceReader, shared: SharedLock?
    ) throws(ReferenceRefusal) {
        let folders = ReferenceFolders(repository: reader.path)
        // Before the lock, whose own folders a reference may stand in the way of.
        let isNew = try reader.current(update.name) == nil
        if isNew, !update.isDeletion, try reader.hasConflict(with: update.name) { throw .nameConflict }
        do throws(GitError) {
            let created = try folders.make(for: update.name)
            lock = try LockFile(locking: folders.file(of: update.name), shared: shared)
            touchedFolders = created.union([folders.folder(of: update.name)])
        } catch {
            throw ReferenceLog.failure(error, update.name, reader.path)
        }
        self.folders = folders
        self.update = update
        previous = try Self.compare(update, in: reader)
    }

    /// The current value, after checking it against the client's.
    private static func compare(
        _ update: ReferenceUpdate, in reader: ReferenceReader
    ) throws(ReferenceRefusal) -> ObjectID? {
        let current = try reader.current(update.name)
        switch (current, update.old.isZero) {
        case (nil, true): return nil
        case (nil, false): throw .doesNotExist
        case (_?, true) where !update.isDeletion: throw .alreadyExists
        case (let current?, _):
            guard current == update.old else { throw .incorrectOldValue }
            return current
        }
    }

    /// Whether it has another value after the change.
    var isChanged: Bool { update.isDeletion || previous != update.new }

    /// Writes the new value into the lock file, on disk; nothing can be seen of it yet.
    func prepare() throws(GitError) {
        if !update.isDeletion && isChanged { try lock.write(Array("\(update.new)\n".utf8)) }
    }

    /// Gives up the lock without a change.
    func abandon() { lock.release() }

    /// Makes the prepared value the reference's, or removes its loose file; gives up the lock.
    func commit() throws(GitError) {
        if update.isDeletion {
            try removeLoose()
        } else if isChanged {
            folders.removeEmpty(lock.path)
            try lock.commit()
        } else {
            lock.release()
        }
    }

    /// Removes the loose file, so that what `packed-refs` says holds; gives up the lock.
    func removeLoose() throws(GitError) {
        try FileSystem.remove(lock.path)
        lock.release()
        touchedFolders.insert(folders.prune(after: update.name))
    }
}

import CLibGit2
import GitWire

/// A reference whose lock file is ours, and whose value agreed with what the client believes when it was locked.
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
    /// - Throws: `ReferenceRefusal` when they differ, or when it cannot be locked or read.
    init(locking update: ReferenceUpdate, in repository: Repository) throws(ReferenceRefusal) {
        let folders = ReferenceFolders(repository: repository.path)
        do throws(GitError) {
            let created = try folders.make(for: update.name)
            lock = try LockFile(locking: folders.file(of: update.name))
            touchedFolders = created.union([folders.folder(of: update.name)])
        } catch {
            throw ReferenceLog.failure(error, update.name, repository)
        }
        self.folders = folders
        self.update = update
        previous = try Self.compare(update, in: repository)
    }

    /// The current value, after checking it against the client's.
    private static func compare(
        _ update: ReferenceUpdate, in repository: Repository
    ) throws(ReferenceRefusal) -> ObjectID? {
        let current = try repository.currentTarget(of: update.name)
        switch (current, update.old.isZero) {
        case (nil, true): return nil
        case (nil, false): throw .doesNotExist
        case (_?, true) where !update.isDeletion: throw .alreadyExists
        case (let current?, _):
            guard current == update.old else { throw .incorrectOldValue }
            return current
        }
    }

    /// Writes the new value into the lock file, on disk; nothing can be seen of it yet.
    func prepare() throws(GitError) {
        if !update.isDeletion && previous != update.new { try lock.write(Array("\(update.new)\n".utf8)) }
    }

    /// Gives up the lock without a change.
    func abandon() { lock.release() }

    /// Makes the prepared value the reference's, or removes its loose file; gives up the lock.
    func commit() throws(GitError) {
        if update.isDeletion {
            try FileSystem.remove(lock.path)
            lock.release()
            touchedFolders.insert(folders.prune(after: update.name))
        } else if previous == update.new {
            lock.release()
        } else {
            folders.removeEmpty(lock.path)
            try lock.commit()
        }
    }
}

extension Repository {
    /// What the reference itself points to; nil if it does not exist. Refuses symbolic references: a push must not
    /// change one reference by the name of another.
    func currentTarget(of name: ReferenceName) throws(ReferenceRefusal) -> ObjectID? {
        var raw: OpaquePointer?
        let code = git_reference_lookup(&raw, handle, name.text)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        defer { git_reference_free(raw) }
        do throws(GitError) {
            try check(code, "read reference '\(name)'")
            guard let oid = git_reference_target(raw) else {
                throw GitError(operation: "update reference '\(name)'", reason: "it is a symbolic reference")
            }
            return ObjectKey(oid.pointee).id
        } catch {
            throw ReferenceLog.failure(error, name, self)
        }
    }

    /// Whether a reference exists that is a folder of `name`, or of which `name` is a folder.
    func hasConflict(with name: ReferenceName) throws(ReferenceRefusal) -> Bool {
        for folder in name.folders {
            var raw: OpaquePointer?
            guard git_reference_lookup(&raw, handle, folder) == 0 else { continue }
            git_reference_free(raw)
            return true
        }
        do throws(GitError) {
            return try hasReferences(below: name)
        } catch {
            throw ReferenceLog.failure(error, name, self)
        }
    }

    private func hasReferences(below name: ReferenceName) throws(GitError) -> Bool {
        var iterator: OpaquePointer?
        try check(git_reference_iterator_glob_new(&iterator, handle, "\(name)/*"), "list references")
        defer { git_reference_iterator_free(iterator) }
        var found: UnsafePointer<CChar>?
        let code = git_reference_next_name(&found, iterator)
        if code == GIT_ITEROVER.rawValue { return false }
        try check(code, "list references")
        return true
    }
}

extension ReferenceName {
    /// The names that `self` would need as folders: `refs/heads` and `refs/heads/a` for `refs/heads/a/b`.
    var folders: [String] {
        let parts = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard parts.count > 2 else { return [] }
        return (2..<parts.count).map { parts[..<$0].joined(separator: "/") }
    }
}

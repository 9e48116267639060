import GitWire

/// Changes references as one push asks for it: compare-and-swap on the client's old values, under the repository's
/// lock in this process and git's lock files against others.
///
/// libgit2's own transactions are not used: they compare nothing, check no names, and leave a failed commit half
/// done.
package struct ReferenceTransaction {
    private let updates: [ReferenceUpdate]
    private let repository: Repository
    private var results: [ReferenceUpdateResult]

    /// Applies `updates` and returns what became of each, in the same order. What is `.ok` is on disk.
    ///
    /// Not atomic: deletions first, then the others as given, each on its own. Atomic: all or nothing; the one at
    /// fault may have its own reason, the others "atomic push failure" or all "atomic transaction failed".
    /// Blocks the thread: for at most about a second on each lock file of another process.
    ///
    /// That the names are allowed at all (hidden, number of components, policy) is the caller's to check.
    package static func apply(
        _ updates: [ReferenceUpdate], atomic: Bool, in repository: Repository
    ) -> [ReferenceUpdateResult] {
        RepositoryLock.of(repository.path).withLock {
            var transaction = ReferenceTransaction(updates, repository)
            if atomic { transaction.applyTogether() } else { transaction.applyEach() }
            return transaction.results
        }
    }

    private init(_ updates: [ReferenceUpdate], _ repository: Repository) {
        self.updates = updates
        self.repository = repository
        results = Array(repeating: .ok, count: updates.count)
        refuseUnacceptable()
    }

    /// Marks what cannot be done whatever the references' values are now.
    private mutating func refuseUnacceptable() {
        var seen: [ReferenceName: Int] = [:]
        for update in updates { seen[update.name, default: 0] += 1 }
        for (index, update) in updates.enumerated() {
            do throws(ReferenceRefusal) {
                guard seen[update.name] == 1 else { throw .multipleUpdates }
                try checkNewValue(of: update)
                if try isAlreadyAbsent(update) { results[index] = .alreadyAbsent }
            } catch {
                results[index] = error.result
            }
        }
    }

    /// Whether there is nothing to delete, and the client did not mean an object that we have.
    private func isAlreadyAbsent(_ update: ReferenceUpdate) throws(ReferenceRefusal) -> Bool {
        guard update.isDeletion, try repository.currentTarget(of: update.name) == nil else { return false }
        return update.old.isZero || !repository.database.contains(ObjectKey(update.old))
    }

    private func checkNewValue(of update: ReferenceUpdate) throws(ReferenceRefusal) {
        if update.isDeletion { return }
        let kind: ObjectKind?
        do throws(GitError) {
            kind = try repository.kind(of: update.new)
        } catch {
            throw ReferenceLog.failure(error, update.name, repository)
        }
        guard let kind else { throw .badPack }
        guard kind == .commit || !update.name.isBranch else { throw .invalidNewValue }
    }

    private mutating func applyEach() {
        let pending = updates.indices.filter { results[$0] == .ok }
        delete(pending.filter { updates[$0].isDeletion })
        for index in pending where !updates[index].isDeletion {
            do throws(ReferenceRefusal) {
                let locked = try lock(updates[index])
                try finish([locked])
            } catch {
                results[index] = error.result
            }
        }
    }

    /// Deletes what can be deleted, with one new `packed-refs` for all.
    private mutating func delete(_ indices: [Int]) {
        var locked: [LockedReference] = []
        var lockedIndices: [Int] = []
        for index in indices {
            do throws(ReferenceRefusal) {
                locked.append(try lock(updates[index]))
                lockedIndices.append(index)
            } catch {
                results[index] = error.result
            }
        }
        do throws(ReferenceRefusal) {
            try finish(locked)
        } catch {
            for index in lockedIndices { results[index] = error.result }
        }
    }

    private mutating func applyTogether() {
        if results.contains(where: { !$0.isOK }) {
            for index in updates.indices where results[index].isOK {
                results[index] = ReferenceRefusal.atomicPushFailure.result
            }
            return
        }
        let pending = updates.indices.filter { results[$0] == .ok }.sorted { updates[$0].name < updates[$1].name }
        do throws(ReferenceRefusal) {
            try refuseConflicts(among: pending.map { updates[$0].name })
            var locked: [LockedReference] = []
            for index in pending { locked.append(try lock(updates[index])) }
            try finish(locked)
        } catch {
            results = updates.map { _ in ReferenceRefusal.atomicTransactionFailed.result }
        }
    }

    private func refuseConflicts(among names: [ReferenceName]) throws(ReferenceRefusal) {
        let all = Set(names.map { Array($0.text.utf8) })
        for name in names where name.folders.contains(where: { all.contains(Array($0.utf8)) }) { throw .nameConflict }
    }

    private func lock(_ update: ReferenceUpdate) throws(ReferenceRefusal) -> LockedReference {
        let current = try repository.currentTarget(of: update.name)
        if current == nil, !update.isDeletion, try repository.hasConflict(with: update.name) { throw .nameConflict }
        return try LockedReference(locking: update, in: repository)
    }

    /// Writes all new values beside the old ones, then puts them in place; takes back what it did if that fails.
    private func finish(_ locked: [LockedReference]) throws(ReferenceRefusal) {
        guard let first = locked.first else { return }
        let deletions = locked.filter(\.update.isDeletion)
        var done: [LockedReference] = []
        do throws(GitError) {
            for reference in locked { try reference.prepare() }
            let packed = try packedReferences(without: deletions)
            for reference in locked where !reference.update.isDeletion {
                try reference.commit()
                done.append(reference)
            }
            done += deletions
            try packed?.commit()
            for reference in deletions { try reference.commit() }
            try synchronize(locked, isPackedChanged: packed != nil)
        } catch {
            for reference in locked { reference.abandon() }
            restore(done)
            throw ReferenceLog.failure(error, first.update.name, repository)
        }
    }

    private func packedReferences(without deletions: [LockedReference]) throws(GitError) -> PackedReferences? {
        if deletions.isEmpty { return nil }
        return try PackedReferences(
            of: repository.path, removing: Set(deletions.map { Array($0.update.name.text.utf8) }))
    }

    private func synchronize(_ locked: [LockedReference], isPackedChanged: Bool) throws(GitError) {
        var folders: Set<String> = isPackedChanged ? [repository.path] : []
        for reference in locked { folders.formUnion(reference.touchedFolders) }
        for folder in folders where FileSystem.isDirectory(folder) { try FileSystem.synchronize(folder) }
    }

    /// Gives references their old values back.
    private func restore(_ done: [LockedReference]) {
        let folders = ReferenceFolders(repository: repository.path)
        for reference in done.reversed() {
            let name = reference.update.name
            do throws(GitError) {
                guard let previous = reference.previous else {
                    try FileSystem.remove(folders.file(of: name))
                    continue
                }
                _ = try folders.make(for: name)
                let lock = try LockFile(locking: folders.file(of: name))
                try lock.write(Array("\(previous)\n".utf8))
                try lock.commit()
                try FileSystem.synchronize(folders.folder(of: name))
            } catch {
                ReferenceLog.restoreFailed(error, name, repository)
            }
        }
    }
}

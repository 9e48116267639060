package import GitWire

/// Changes references as one push asks for it: compare-and-swap on the client's old values, under the repository's
/// lock in this process and git's lock files against others.
///
/// libgit2's own transactions are not used: they compare nothing, check no names, and leave a failed commit half
/// done.
package struct ReferenceTransaction {
    /// More references than this are written together.
    private static let packsBeyond = 32

    private let updates: [ReferenceUpdate]
    private let objects: KnownObjects
    private let reader: ReferenceReader
    private var results: [ReferenceUpdateResult]

    /// Applies `updates` and returns what became of each, in the same order. What is `.ok` is on disk.
    ///
    /// Not atomic: deletions first, then the others as given, each on its own. Atomic: all or nothing; the one at
    /// fault may have its own reason, the others "atomic push failure" or all "atomic transaction failed".
    /// Blocks the thread: for at most about a second on each lock file of another process.
    ///
    /// That the names are allowed at all (hidden, number of components, policy) is the caller's to check.
    ///
    /// - Parameters:
    ///   - path: the repository's folder.
    ///   - kinds: the kinds of new values that the caller has looked up in the repository already.
    package static func apply(
        _ updates: [ReferenceUpdate], atomic: Bool, at path: String, kinds: [ObjectID: ObjectKind] = [:]
    ) -> [ReferenceUpdateResult] {
        RepositoryLock.of(path).withLock {
            var transaction = ReferenceTransaction(updates, path, kinds)
            if atomic { transaction.applyTogether() } else { transaction.applyEach() }
            return transaction.results
        }
    }

    private init(_ updates: [ReferenceUpdate], _ path: String, _ kinds: [ObjectID: ObjectKind]) {
        self.updates = updates
        reader = ReferenceReader(path: path)
        objects = KnownObjects(path: path, kinds: kinds)
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
        guard update.isDeletion, try reader.current(update.name) == nil else { return false }
        if update.old.isZero { return true }
        return try objects.kind(of: update.old, for: update.name) == nil
    }

    private func checkNewValue(of update: ReferenceUpdate) throws(ReferenceRefusal) {
        if update.isDeletion { return }
        guard let kind = try objects.kind(of: update.new, for: update.name) else { throw .badPack }
        guard kind == .commit || !update.name.isBranch else { throw .invalidNewValue }
    }

    private mutating func applyEach() {
        let pending = updates.indices.filter { results[$0] == .ok }
        // Deletions first: they make room for names that would be in their way.
        applyEach(of: pending.filter { updates[$0].isDeletion })
        applyEach(of: pending.filter { !updates[$0].isDeletion })
    }

    /// Changes those that can be changed, with one write to disk for all.
    private mutating func applyEach(of indices: [Int]) {
        var locked: [(index: Int, reference: LockedReference)] = []
        var names = NameClaims()
        let shared = sharedLock(for: indices.count)
        for index in indices {
            do throws(ReferenceRefusal) {
                try names.claim(updates[index].name)
                locked.append((index, try LockedReference(locking: updates[index], in: reader, shared: shared)))
            } catch {
                results[index] = error.result
            }
        }
        do throws(ReferenceRefusal) {
            try commit(locked.map(\.reference), packed: shared != nil)
        } catch {
            for (index, _) in locked { results[index] = error.result }
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
            var names = NameClaims()
            for index in pending { try names.claim(updates[index].name) }
            var locked: [LockedReference] = []
            let shared = sharedLock(for: pending.count)
            for index in pending {
                locked.append(try LockedReference(locking: updates[index], in: reader, shared: shared))
            }
            try commit(locked, packed: shared != nil)
        } catch {
            results = updates.map { _ in ReferenceRefusal.atomicTransactionFailed.result }
        }
    }

    /// What the locks of so many references are links to; nil if each shall have a file of its own. Then the new values
    /// go into `packed-refs`, which is written once, instead of a file, forced to disk, for each.
    private func sharedLock(for count: Int) -> SharedLock? {
        count > Self.packsBeyond ? try? SharedLock(in: reader.path) : nil
    }

    private func commit(_ locked: [LockedReference], packed: Bool) throws(ReferenceRefusal) {
        guard let first = locked.first else { return }
        do throws(GitError) {
            try ReferenceCommit(locked, in: reader.path, objects: objects).run(packed: packed)
        } catch {
            throw ReferenceLog.failure(error, first.update.name, reader.path)
        }
        let commits = updates.filter { $0.name.isBranch && !$0.isDeletion }.map { ObjectKey($0.new) }
        ReferenceCache.shared.note(commits: commits, in: reader.path)
    }
}

/// The names that one transaction has taken, none of which may be a folder of another.
private struct NameClaims {
    private var names: Set<ReferenceName> = []
    private var folders: Set<String> = []

    mutating func claim(_ name: ReferenceName) throws(ReferenceRefusal) {
        guard !folders.contains(name.text) else { throw .nameConflict }
        for folder in name.folders {
            if let folder = ReferenceName(folder), names.contains(folder) { throw .nameConflict }
        }
        names.insert(name)
        folders.formUnion(name.folders)
    }
}

import Synchronization

/// The references of the repositories that were asked for last.
final class ReferenceCache: Sendable {
    static let shared = ReferenceCache()
    /// References of all repositories together that are kept at most: about 100 MB.
    private static let capacity = 500_000

    private struct Entry {
        let snapshot: ReferenceSnapshot
        let stamps: [FileStamp]
        /// Whether a later change must show in the stamps.
        let isSettled: Bool
        /// Targets that exist, with what they lead to as annotated tags, or zero. Objects are never removed one by one.
        let known: [ObjectKey: ObjectKey]
        var lastUse: Int
    }

    private struct Packed {
        let file: PackedReferenceFile
        let stamp: FileStamp
        let isSettled: Bool
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var packed: [String: Packed] = [:]
        var uses = 0
    }

    private let state = Mutex(State())

    /// The references of the repository at `path` as they are now. Blocks the thread for reading files.
    func snapshot(of path: String) throws(GitError) -> ReferenceSnapshot {
        let entry = state.withLock { $0.entries[path] }
        if let entry, entry.isSettled, entry.stamps.allSatisfy(\.isCurrent) {
            touch(path)
            return entry.snapshot
        }
        return try read(path, known: entry?.known ?? [:])
    }

    /// The `packed-refs` file of the repository at `path` as it is now.
    func packed(of path: String) throws(GitError) -> PackedReferenceFile {
        if let packed = state.withLock({ $0.packed[path] }), packed.isSettled, packed.stamp.isCurrent {
            return packed.file
        }
        let start = FileStamp.now
        let stamp = FileStamp("\(path)/packed-refs")
        let file = try PackedReferenceFile(of: path)
        let packed = Packed(file: file, stamp: stamp, isSettled: stamp.isSettled(at: start))
        state.withLock { $0.packed[path] = packed }
        return file
    }

    /// Spares the next reader the look for objects that are known to exist and to be no tags.
    func note(commits: [ObjectKey], in path: String) {
        state.withLock { state in
            guard let entry = state.entries[path] else { return }
            var known = entry.known
            for key in commits { known[key] = .zero }
            state.entries[path] = Entry(
                snapshot: entry.snapshot, stamps: entry.stamps, isSettled: entry.isSettled, known: known,
                lastUse: entry.lastUse)
        }
    }

    private func read(_ path: String, known: [ObjectKey: ObjectKey]) throws(GitError) -> ReferenceSnapshot {
        let start = FileStamp.now
        let files = try ReferenceFiles(repository: path)
        let head = ReferenceFiles.value(ofFile: "\(path)/HEAD")
        guard head != nil || !files.references.isEmpty else {
            // Says in its own words what is wrong with the folder.
            _ = try Repository(at: path)
            throw GitError(operation: "list references of '\(path)'", reason: "HEAD cannot be read")
        }
        let found = try Self.look(for: files.references, in: path, known: known)
        let snapshot = ReferenceSnapshot(files, head: head, known: found)
        let entry = Entry(
            snapshot: snapshot, stamps: files.stamps, isSettled: files.stamps.allSatisfy { $0.isSettled(at: start) },
            known: found, lastUse: 0)
        state.withLock { $0.entries[path] = entry }
        touch(path)
        return snapshot
    }

    /// Finds out which targets exist and what tags lead to. The repository is opened only if something is new.
    private static func look(
        for references: [StoredReference], in path: String, known: [ObjectKey: ObjectKey]
    ) throws(GitError) -> [ObjectKey: ObjectKey] {
        var found: [ObjectKey: ObjectKey] = [:]
        found.reserveCapacity(references.count)
        var repository: Repository?
        for reference in references {
            guard case .object(let key) = reference.value, found[key] == nil else { continue }
            if let peeled = known[key] {
                found[key] = peeled
                continue
            }
            if repository == nil { repository = try Repository(at: path) }
            found[key] = try repository?.peeled(key, hint: reference.peeled)
        }
        return found
    }

    private func touch(_ path: String) {
        state.withLock { state in
            state.uses += 1
            state.entries[path]?.lastUse = state.uses
            var count = state.entries.values.reduce(0) { $0 + $1.snapshot.all.count + 1 }
            while count > Self.capacity, state.entries.count > 1,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                count -= oldest.value.snapshot.all.count + 1
                state.entries[oldest.key] = nil
                state.packed[oldest.key] = nil
            }
        }
    }
}

extension Repository {
    /// What `key` leads to as an annotated tag, zero if it is none; nil if there is no such object.
    ///
    /// - Parameter hint: the answer if the object exists; nil if it is not known.
    func peeled(_ key: ObjectKey, hint: ObjectKey?) throws(GitError) -> ObjectKey? {
        if let hint { return exists(key) ? hint : nil }
        var current = key
        // A miss reads the folder of packs again; existence is asked first, without.
        while exists(current), let kind = try database.kind(of: current) {
            guard kind == .tag else { return current == key ? .zero : current }
            let target = try database.withObject(current) { _, bytes throws(GitError) in try TagHeader(bytes).target }
            guard let target else { return nil }
            current = target
        }
        return nil
    }
}

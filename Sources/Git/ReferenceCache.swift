import CLibGit2
import Glibc
import Synchronization

/// The references of the repositories that were asked for last.
final class ReferenceCache: Sendable {
    static let shared = ReferenceCache()
    /// References of all repositories together that are kept at most, at about 500 bytes each.
    private static let capacity = 100_000
    /// Nanoseconds after which a repository with many references is forgotten if nobody asks for it.
    private static let patience = 30_000_000_000
    /// References that are many.
    private static let many = 1_000

    private struct Entry {
        let snapshot: ReferenceSnapshot
        let stamps: [FileStamp]
        /// Whether a later change must show in the stamps.
        let isSettled: Bool
        /// Targets that exist, with what they lead to as annotated tags, or zero. Objects are never removed one by one.
        let known: [ObjectKey: ObjectKey]
        /// On the clock that files are stamped with.
        var lastUse: Int

        var count: Int { snapshot.all.count + 1 }
    }

    private struct Packed {
        let file: PackedReferenceFile
        let stamp: FileStamp
        let isSettled: Bool
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var packed: [String: Packed] = [:]
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
        var found = try Self.look(for: files.references, in: path, known: known)
        // A detached one may stand where no reference does.
        if case .object(let key)? = head, found[key] == nil {
            let peeled = known[key]
            found[key] = if let peeled { peeled } else { try Repository(at: path).peeled(key, hint: nil) }
        }
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

    /// Notes that the repository at `path` was asked for, and forgets others that need too much room.
    private func touch(_ path: String) {
        let forgotten = state.withLock { state in
            let now = FileStamp.now
            state.entries[path]?.lastUse = now
            var forgotten = 0
            var count = state.entries.values.reduce(0) { $0 + $1.count }
            for (other, entry) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where other != path
            {
                guard count > Self.capacity || entry.count > Self.many && entry.lastUse < now - Self.patience else {
                    continue
                }
                state.entries[other] = nil
                state.packed[other] = nil
                count -= entry.count
                forgotten += entry.count
            }
            return forgotten
        }
        // Many small pieces of memory in between others: the allocator gives none of it back by itself.
        if forgotten > Self.many { malloc_trim(0) }
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

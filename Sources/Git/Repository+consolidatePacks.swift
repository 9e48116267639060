import Glibc

/// What `Repository.consolidatePacks` did.
package struct PackConsolidation: Equatable, Sendable {
    /// Packs that were joined into a new one.
    package var packs = 0
    /// Loose objects that were taken into it.
    package var looseObjects = 0
    /// Objects in the new pack; 0 if none was written.
    package var objects = 0
    /// Packs that were joined earlier and are gone now.
    package var removedPacks = 0
    /// Whether nothing was done because another process is at it.
    package var isBusy = false

    /// Nothing was done.
    package init() {}
}

extension Repository {
    /// Whether `consolidatePacks` would have something to do: more than `packs` packs that nothing replaces yet, about
    /// `looseObjects` loose objects, or packs that were replaced more than `grace` seconds ago. Reads two folders.
    package static func needsConsolidation(
        at path: String, packs limit: Int = 16, looseObjects: Int = 1024, grace: Int = 600
    ) throws(GitError) -> Bool {
        let folder = try PackFileFolder("\(path)/objects/pack")
        if folder.live.count(where: { !folder.kept.contains($0) }) > limit
            || !folder.expired(after: grace).isEmpty
        {
            return true
        }
        // One folder of 256 stands for all.
        return try FileSystem.names(in: "\(path)/objects/17").count > looseObjects / 256
    }

    /// Joins the small packs that pushes leave, and loose objects, into one pack, without compressing anything anew.
    /// Unreachable objects are kept: a push in progress may need them.
    ///
    /// What was joined stays for another `grace` seconds, for readers that have not opened it yet, and is removed by
    /// the first call after that; those that have opened it read on. Safe against being killed at any moment, and
    /// against a second call at the same time, which does nothing.
    ///
    /// - Throws: when a pack is corrupt or the disk is full; all stays as it was then.
    package func consolidatePacks(grace: Int = 600) throws(GitError) -> PackConsolidation {
        var done = PackConsolidation()
        let path = "\(path)/objects/pack"
        guard let lock = try PackFileLock(path) else {
            done.isBusy = true
            return done
        }
        defer { withExtendedLifetime(lock) {} }
        done.removedPacks = try removeReplaced(after: grace)
        let folder = try PackFileFolder(path)
        let sources = try folder.sources()
        let loose = try looseKeys(outside: folder)
        // One pack, or one loose object, is no reason to write another.
        guard sources.count > 1 || loose.count > 1 else { return done }
        let writer = try PackFileWriter(path, sources: sources, objects: "\(self.path)/objects", loose: loose)
        done.objects = try writer.write()
        done.packs = sources.count
        done.looseObjects = writer.looseCount
        done.removedPacks += try removeReplaced(after: grace)
        return done
    }

    /// Removes what was joined at least `grace` seconds ago, and what cut-off work left behind; returns the number of
    /// packs.
    private func removeReplaced(after grace: Int) throws(GitError) -> Int {
        let folder = try PackFileFolder("\(path)/objects/pack")
        // A pack is always put in place before its index: an index alone is what is left of a removed pack.
        for name in folder.withoutPack { try FileSystem.remove("\(folder.path)/\(name).idx") }
        let expired = folder.expired(after: grace)
        guard !expired.isEmpty else { return 0 }
        var live: [PackFile] = []
        for name in folder.live { if let pack = try folder.open(name) { live.append(pack) } }
        // It names packs that go now, and git can do without it.
        try FileSystem.remove("\(folder.path)/multi-pack-index")
        for replacement in expired { try replacement.finish(in: folder, live) }
        try removeLoose(in: live)
        try FileSystem.synchronize(folder.path)
        return try folder.packs.count - PackFileFolder(folder.path).packs.count
    }

    /// Removes loose objects that are in one of `packs`.
    private func removeLoose(in packs: [PackFile]) throws(GitError) {
        for (file, key) in try ObjectStoreLoose.files(in: "\(path)/objects")
        where packs.contains(where: { $0.contains(key) }) {
            try FileSystem.remove(file)
        }
    }

    /// The loose objects that are in no pack.
    private func looseKeys(outside folder: PackFileFolder) throws(GitError) -> [ObjectKey] {
        let loose = try ObjectStoreLoose.files(in: "\(path)/objects")
        guard !loose.isEmpty else { return [] }
        var packs: [PackFile] = []
        for name in folder.live { if let pack = try folder.open(name) { packs.append(pack) } }
        return loose.map(\.key).filter { key in !packs.contains { $0.contains(key) } }
    }
}

extension PackFile {
    /// Whether the pack has an object of that ID.
    func contains(_ key: ObjectKey) -> Bool {
        withUnsafeBytes(of: key) { index.position(of: $0.bindMemory(to: UInt8.self).baseAddress!) != nil }
    }
}

extension PackFileFolder {
    /// Replacements that were made at least `grace` seconds ago, or whose own pack never came to be.
    func expired(after grace: Int) -> [PackFileReplacement] {
        replacements.filter { !packs.contains($0.name) || $0.time + grace <= Int(time(nil)) }
    }

    /// The packs that are to be joined, the largest first.
    fileprivate func sources() throws(GitError) -> [PackFile] {
        var candidates: [PackFile] = []
        for name in live where !kept.contains(name) { if let pack = try open(name) { candidates.append(pack) } }
        candidates.sort { ($0.count, $0.path) < ($1.count, $1.path) }
        return candidates[..<PackFileGeometry.joined(candidates.map(\.count))].reversed()
    }
}

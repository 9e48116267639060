import Glibc

/// The packs in a repository's `objects/pack`, by name: "pack-…", without ending.
struct PackFileFolder {
    let path: String
    /// Packs that have an index and a pack, sorted.
    private(set) var packs: [String] = []
    /// Packs without an index, sorted.
    private(set) var withoutIndex: [String] = []
    /// Indexes without a pack, sorted.
    private(set) var withoutPack: [String] = []
    /// Packs that are not to be touched: something beside them (`.keep`, `.promisor`, `.mtimes`) says so.
    private(set) var kept: Set<String> = []
    /// What was joined into other packs, the oldest first.
    private(set) var replacements: [PackFileReplacement] = []

    /// Lists the folder.
    init(_ path: String) throws(GitError) {
        self.path = path
        var endings: [String: Set<String>] = [:]
        for file in try FileSystem.names(in: path) where file.hasPrefix("pack-") {
            guard let dot = file.lastIndex(of: ".") else { continue }
            endings[String(file[..<dot]), default: []].insert(String(file[file.index(after: dot)...]))
        }
        for (name, endings) in endings.sorted(by: { $0.key < $1.key }) {
            switch (endings.contains("pack"), endings.contains("idx")) {
            case (true, true): packs.append(name)
            case (true, false): withoutIndex.append(name)
            case (false, true): withoutPack.append(name)
            case (false, false): break
            }
            if !endings.isDisjoint(with: ["keep", "promisor", "mtimes"]) { kept.insert(name) }
            if endings.contains(PackFileReplacement.ending), let found = PackFileReplacement(path, name) {
                replacements.append(found)
            }
        }
        replacements.sort { $0.time < $1.time }
    }

    /// The packs that were joined into another one, which is there.
    var replaced: Set<String> {
        Set(replacements.filter { packs.contains($0.name) }.flatMap(\.packs)).intersection(packs)
    }

    /// The packs that nothing replaces.
    var live: [String] {
        let replaced = replaced
        return packs.filter { !replaced.contains($0) }
    }

    /// The pack of that name; nil if it is gone.
    func open(_ name: String) throws(GitError) -> PackFile? {
        do throws(GitError) {
            return try PackFile("\(path)/\(name)")
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }
}

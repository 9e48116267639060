import Glibc

/// Judges the new blobs that git itself reads: `.gitmodules` and `.gitattributes`, wherever a new tree has one.
struct ContentInspector {
    private let entries: PackEntries
    private let order: Column<UInt32>
    private let pack: UnsafeRawBufferPointer
    private let limits: PackLimits
    private let budget: WorkBudget

    init(
        entries: PackEntries, order: Column<UInt32>, pack: UnsafeRawBufferPointer, limits: PackLimits,
        budget: WorkBudget
    ) {
        self.entries = entries
        self.order = order
        self.pack = pack
        self.limits = limits
        self.budget = budget
    }

    /// Throws what is wrong with the content of one of these; those that are not in the pack were judged before.
    func inspect(_ links: LinkSet) throws(GitError) {
        var special: [(key: ObjectKey, uses: LinkSet.Uses)] = []
        links.forEach { key, uses in
            if !uses.isDisjoint(with: [.modules, .attributes]) { special.append((key, uses)) }
        }
        guard !special.isEmpty else { return }
        let reader = try EntryReader(pack: pack, entries: entries, budget: budget)
        for (key, uses) in special {
            guard let entry = entry(of: key), entries.kinds[entry] == ObjectKind.blob.rawValue else { continue }
            do throws(GitError) {
                let size = try reader.size(of: entry)
                if uses.contains(.modules) { try ModulesValidator.limit(size) }
                if uses.contains(.attributes) { try AttributesValidator.limit(size) }
                let content = UnsafeBufferPointer(start: try reader.content(of: entry), count: size)
                defer { free(UnsafeMutablePointer(mutating: content.baseAddress)) }
                if uses.contains(.modules) { try ModulesValidator.validate(content) }
                if uses.contains(.attributes) { try AttributesValidator.validate(content) }
            } catch {
                throw GitError(operation: "blob '\(key.id)'", reason: error.description, code: error.code)
            }
        }
    }

    private func entry(of key: ObjectKey) -> Int? {
        let key = PackedKey(key)
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let entry = Int(order[middle])
            if entries.keys[entry] == key { return entry }
            if entries.keys[entry] < key { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

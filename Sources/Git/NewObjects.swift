/// The objects that a pack brought, with their kinds, and what they refer to that it did not bring.
final class NewObjects {
    /// What new objects refer to outside the pack.
    struct External {
        var commits: Set<ObjectKey> = []
        var trees: Set<ObjectKey> = []
        var blobs: Set<ObjectKey> = []
        var tags: Set<ObjectKey> = []

        var isEmpty: Bool { commits.isEmpty && trees.isEmpty && blobs.isEmpty && tags.isEmpty }
    }

    private let index: PackFileIndex
    /// The kinds, in the order of IDs.
    private let kinds: [UInt8]
    /// What the new objects refer to outside the pack; nil if something is used as what it is not, or there is too
    /// much: then every object has to be walked.
    let external: External?
    /// How many of the new objects are trees.
    let trees: Int
    /// Whether all that the new objects refer to has been found complete; nil until that was tried.
    var isClosed: Bool?

    /// The objects of the pack behind `index`, which has the same `order`.
    init(index: PackFileIndex, entries: PackEntries, order: Column<UInt32>, links: LinkSet) throws(GitError) {
        self.index = index
        let kinds = [UInt8](unsafeUninitializedCapacity: entries.count) { kinds, count in
            for position in 0..<entries.count { kinds[position] = entries.kinds[Int(order[position])] }
            count = entries.count
        }
        self.kinds = kinds
        trees = kinds.reduce(0) { $0 + ($1 == ObjectKind.tree.rawValue ? 1 : 0) }
        external = Self.external(links, index, kinds)
    }

    var count: Int { index.count }

    /// The kind of the object of that ID; nil if the pack brought none.
    func kind(of key: ObjectKey) -> ObjectKind? {
        index.position(of: key).flatMap { ObjectKind(rawValue: kinds[$0]) }
    }

    private static func external(_ links: LinkSet, _ index: PackFileIndex, _ kinds: [UInt8]) -> External? {
        if links.isOverfull { return nil }
        var external = External()
        var isConsistent = true
        links.forEach { key, uses in
            guard let kind = uses.kind else {
                isConsistent = false
                return
            }
            if let position = index.position(of: key) {
                if kinds[position] != kind.rawValue { isConsistent = false }
                return
            }
            switch kind {
            case .commit: external.commits.insert(key)
            case .tree: external.trees.insert(key)
            case .blob: external.blobs.insert(key)
            case .tag: external.tags.insert(key)
            }
        }
        return isConsistent ? external : nil
    }
}

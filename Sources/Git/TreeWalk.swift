/// Checks that trees and all below them are there, each object once.
struct TreeWalk {
    private let database: ObjectDatabase
    private let newObjects: NewObjects?
    private let depth: Int
    private let budget: WorkBudget
    /// What needs no second look: checked, or part of a tree that is complete.
    private var checked = Known()
    private var steps = 0

    /// A tree to read, and trees at the same path in the parents of its commit.
    private struct Step {
        let tree: ObjectKey
        let bases: [ObjectKey]
        let depth: Int
    }

    /// IDs by what they are used as: an ID in both is an attempt to pass one for the other.
    private struct Known {
        var trees: Set<ObjectKey> = []
        var blobs: Set<ObjectKey> = []

        func contains(_ entry: Entry) -> Bool { (entry.kind == .tree ? trees : blobs).contains(entry.key) }

        mutating func insert(_ entry: Entry) -> Bool {
            if entry.kind == .tree { return trees.insert(entry.key).inserted }
            return blobs.insert(entry.key).inserted
        }
    }

    /// An entry that needs a look.
    private struct Entry {
        let name: [UInt8]
        let key: ObjectKey
        let kind: ObjectKind
    }

    init(database: ObjectDatabase, newObjects: NewObjects?, depth: Int, budget: WorkBudget) {
        self.database = database
        self.newObjects = newObjects
        self.depth = depth
        self.budget = budget
    }

    /// Follows annotated tags from `key` to what they point to in the end.
    func peel(_ key: ObjectKey) throws(Absence) -> (key: ObjectKey, kind: ObjectKind) {
        var key = key
        var expected: ObjectKind?
        while true {
            guard let kind = try kind(of: key), kind == expected ?? kind else { throw .missing(key) }
            guard kind == .tag else { return (key, kind) }
            let header = try Absence.wrap { () throws(GitError) in
                try database.withObject(key) { _, bytes throws(GitError) in try TagHeader(bytes) }
            }
            guard let header else { throw .missing(key) }
            key = header.target
            expected = header.kind
        }
    }

    /// Throws unless there is an object of that ID and kind.
    func require(_ key: ObjectKey, _ kind: ObjectKind) throws(Absence) {
        guard try self.kind(of: key) == kind else { throw .missing(key) }
    }

    /// Checks the tree `root`. What is in `bases` too, at the same path, is taken for complete.
    mutating func check(_ root: ObjectKey, against bases: [ObjectKey]) throws(Absence) {
        guard checked.trees.insert(root).inserted, !bases.contains(root) else { return }
        var waiting = [Step(tree: root, bases: bases, depth: 1)]
        while let step = waiting.popLast() {
            try spend(step.depth)
            let unknown = try entries(of: step.tree).filter { !checked.contains($0) }
            if unknown.isEmpty { continue }
            let (known, folders) = try contents(of: step.bases)
            for entry in unknown where checked.insert(entry) && !known.contains(entry) {
                if entry.kind == .tree {
                    let same = folders[entry.name] ?? []
                    waiting.append(Step(tree: entry.key, bases: same, depth: step.depth + 1))
                } else {
                    try require(entry.key, .blob)
                }
            }
        }
    }

    /// All that `trees` hold, and their folders by name.
    private func contents(of trees: [ObjectKey]) throws(Absence) -> (Known, folders: [[UInt8]: [ObjectKey]]) {
        var known = Known()
        var folders: [[UInt8]: [ObjectKey]] = [:]
        for tree in trees {
            for entry in try entries(of: tree) where known.insert(entry) && entry.kind == .tree {
                folders[entry.name, default: []].append(entry.key)
            }
        }
        return (known, folders)
    }

    private mutating func spend(_ depth: Int) throws(Absence) {
        steps += 1
        guard depth <= self.depth else { throw .failed(TreeDepth.refusal(self.depth)) }
        if steps & 255 == 0 {
            try Absence.wrap { () throws(GitError) in try budget.check("check connectivity") }
        }
    }

    /// The entries of a tree that are not submodules.
    private func entries(of tree: ObjectKey) throws(Absence) -> [Entry] {
        let entries = try Absence.wrap { () throws(GitError) in
            try database.withObject(tree) { kind, bytes throws(GitError) -> [Entry]? in
                guard kind == .tree else { return nil }
                var reader = TreeReader(bytes)
                var entries: [Entry] = []
                while let entry = try reader.next() {
                    if entry.isSubmodule { continue }
                    entries.append(Entry(name: Array(entry.name), key: entry.key, kind: entry.isTree ? .tree : .blob))
                }
                return entries
            }
        }
        guard case let entries?? = entries else { throw .missing(tree) }
        return entries
    }

    private func kind(of key: ObjectKey) throws(Absence) -> ObjectKind? {
        if let kind = newObjects?.kind(of: key) { return kind }
        return try Absence.wrap { () throws(GitError) in try database.kind(of: key) }
    }
}

/// Refuses trees that are nested too deep, where nothing else has walked them.
struct TreeDepth {
    private let database: ObjectDatabase
    private let limit: Int
    private let budget: WorkBudget
    /// How deep each tree has been met.
    private var depths: [ObjectKey: Int] = [:]
    private var steps = 0

    init(database: ObjectDatabase, limit: Int, budget: WorkBudget) {
        self.database = database
        self.limit = limit
        self.budget = budget
    }

    /// Throws if the tree of `tip` is nested deeper than the limit.
    mutating func check(_ tip: ObjectKey) throws(Absence) {
        var waiting: [(tree: ObjectKey, depth: Int)] = []
        if let root = try tree(of: tip) { waiting.append((root, 1)) }
        while let (tree, depth) = waiting.popLast() {
            guard depth > depths[tree, default: 0] else { continue }
            guard depth <= limit else { throw .failed(Self.refusal(limit)) }
            depths[tree] = depth
            steps += 1
            try Absence.wrap { () throws(GitError) in
                if steps & 255 == 0 { try budget.check("check connectivity") }
                _ = try database.withObject(tree) { kind, bytes throws(GitError) in
                    var reader = TreeReader(bytes)
                    while kind == .tree, let entry = try reader.next() {
                        if entry.isTree { waiting.append((entry.key, depth + 1)) }
                    }
                }
            }
        }
    }

    /// The refusal of trees nested deeper than `limit`.
    static func refusal(_ limit: Int) -> GitError {
        GitError(operation: "check connectivity", reason: "a tree is nested deeper than \(limit) folders")
    }

    /// The tree that a tag, commit or tree leads to; nil if it leads to a blob, or nowhere.
    private func tree(of tip: ObjectKey) throws(Absence) -> ObjectKey? {
        var key = tip
        while true {
            let next = try Absence.wrap { () throws(GitError) in
                try database.withObject(key) { kind, bytes throws(GitError) -> (key: ObjectKey, isTree: Bool)? in
                    switch kind {
                    case .commit: (try CommitHeader(bytes).tree, true)
                    case .tree: (key, true)
                    case .tag: (try TagHeader(bytes).target, false)
                    case .blob: nil
                    }
                }
            }
            guard case let next?? = next else { return nil }
            if next.isTree { return next.key }
            key = next.key
        }
    }
}

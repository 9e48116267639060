/// Looks for trees and blobs in commits that are complete: what is found there is complete too.
struct ExternalSearch {
    /// The trees that have not been found.
    private(set) var trees: Set<ObjectKey>
    /// The blobs that have not been found.
    private(set) var blobs: Set<ObjectKey>
    private let database: ObjectDatabase
    private let budget: WorkBudget
    private var visited: Set<ObjectKey> = []

    init(trees: Set<ObjectKey>, blobs: Set<ObjectKey>, database: ObjectDatabase, budget: WorkBudget) {
        self.trees = trees
        self.blobs = blobs
        self.database = database
        self.budget = budget
    }

    /// Looks through the trees of `commits`, each tree once, until everything is found.
    mutating func search(commits: Set<ObjectKey>) throws(Absence) {
        for commit in commits {
            if trees.isEmpty && blobs.isEmpty { return }
            let tree = try Absence.wrap { () throws(GitError) in
                try database.withObject(commit) { kind, bytes throws(GitError) in
                    kind == .commit ? try CommitHeader(bytes).tree : nil
                }
            }
            guard case let tree?? = tree else { throw .missing(commit) }
            try search(tree)
        }
    }

    private mutating func search(_ root: ObjectKey) throws(Absence) {
        trees.remove(root)
        guard visited.insert(root).inserted else { return }
        var waiting = [root]
        while let tree = waiting.popLast() {
            if trees.isEmpty && blobs.isEmpty { return }
            if visited.count & 255 == 0 {
                try Absence.wrap { () throws(GitError) in try budget.check("check connectivity") }
            }
            let found: Void? = try Absence.wrap { () throws(GitError) in
                try database.withObject(tree) { kind, bytes throws(GitError) in
                    if kind == .tree { try take(bytes, &waiting) }
                }
            }
            guard found != nil else { throw .missing(tree) }
        }
    }

    private mutating func take(
        _ bytes: UnsafeBufferPointer<UInt8>, _ waiting: inout [ObjectKey]
    ) throws(GitError) {
        var reader = TreeReader(bytes)
        while let entry = try reader.next() {
            if entry.isSubmodule { continue }
            if entry.isTree {
                trees.remove(entry.key)
                if visited.insert(entry.key).inserted { waiting.append(entry.key) }
            } else if !blobs.isEmpty {
                blobs.remove(entry.key)
            }
        }
    }
}

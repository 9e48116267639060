/// The commits of a repository as far as somebody asked for them, numbered in the order they were met: an object ID is
/// looked up once, and a walk goes over small integers.
final class CommitGraph {
    /// A commit: its place in the lists below.
    typealias Node = Int32

    private let database: ObjectDatabase
    private let budget: WorkBudget
    private var nodes: [ObjectKey: Node] = [:]
    private var keys: [ObjectKey] = []
    private var times: [Int64] = []
    /// Where the parents of a node stand in `parentNodes`; -1 while the commit has not been read.
    private var firstParent: [Int32] = []
    private var parentCounts: [Int32] = []
    private var parentNodes: [Node] = []

    init(database: ObjectDatabase, budget: WorkBudget) {
        self.database = database
        self.budget = budget
    }

    /// How many commits were met: their nodes are the numbers below.
    var count: Int { keys.count }

    /// The node of a commit, which is not read before something of it is asked for.
    func node(_ key: ObjectKey) -> Node {
        if let node = nodes[key] { return node }
        let node = Node(keys.count)
        nodes[key] = node
        keys.append(key)
        times.append(0)
        firstParent.append(-1)
        parentCounts.append(0)
        return node
    }

    func key(of node: Node) -> ObjectKey { keys[Int(node)] }

    /// The time that a walk orders the commit by, in seconds since 1970.
    func time(of node: Node) throws(GitError) -> Int64 {
        try read(node)
        return times[Int(node)]
    }

    /// The parents of a commit, first one first.
    ///
    /// - Throws: when the commit is missing or none, or the work takes too long.
    func parents(of node: Node) throws(GitError) -> [Node] {
        try read(node)
        let first = Int(firstParent[Int(node)])
        return Array(parentNodes[first..<first + Int(parentCounts[Int(node)])])
    }

    private func read(_ node: Node) throws(GitError) {
        guard firstParent[Int(node)] < 0 else { return }
        try budget.check("walk history")
        let key = keys[Int(node)]
        let header = try database.withObject(key) { kind, bytes throws(GitError) in
            kind == .commit ? try CommitHeader(bytes) : nil
        }
        guard case let header?? = header else {
            throw GitError(operation: "walk history", reason: "commit \(key.id) is missing")
        }
        let parents = header.parents.map { self.node($0) }
        times[Int(node)] = header.time
        firstParent[Int(node)] = Int32(parentNodes.count)
        parentCounts[Int(node)] = Int32(parents.count)
        parentNodes += parents
    }
}

/// A set of nodes of a graph, which may grow meanwhile.
struct NodeSet {
    private var isMember: [Bool] = []

    func contains(_ node: CommitGraph.Node) -> Bool { Int(node) < isMember.count && isMember[Int(node)] }

    /// Adds a node; returns whether it is new.
    @discardableResult
    mutating func insert(_ node: CommitGraph.Node) -> Bool {
        let index = Int(node)
        if index >= isMember.count {
            isMember += repeatElement(false, count: max(index + 1 - isMember.count, isMember.count, 256))
        }
        defer { isMember[index] = true }
        return !isMember[index]
    }
}

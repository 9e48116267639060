/// Walks the history of new tips back to what is known to be complete.
struct CommitWalk {
    /// The links of one commit whose tree has to be checked.
    struct Commit {
        let tree: ObjectKey
        let parents: [ObjectKey]
    }

    /// The commits that are not known to be complete; children come before their parents, mostly.
    private(set) var found: [Commit] = []
    private var tips: [ObjectKey] = []
    private var visited: Set<ObjectKey> = []
    private let database: ObjectDatabase
    private let budget: WorkBudget
    private let shallow: Set<ObjectKey>

    /// The parents of commits in `shallow` are not looked for.
    init(database: ObjectDatabase, budget: WorkBudget, shallow: Set<ObjectKey> = []) {
        self.database = database
        self.budget = budget
        self.shallow = shallow
    }

    /// Adds a commit to start from.
    mutating func add(_ tip: ObjectKey) { tips.append(tip) }

    /// Walks from the tips through all commits that `isNew`; returns the others it met, whose history is to be judged.
    mutating func walkNew(_ isNew: (ObjectKey) -> Bool) throws(Absence) -> Set<ObjectKey> {
        var frontier: Set<ObjectKey> = []
        var waiting = Array(tips.reversed())
        var next = 0
        while next < waiting.count {
            let key = waiting[next]
            next += 1
            guard isNew(key) else {
                frontier.insert(key)
                continue
            }
            guard visited.insert(key).inserted else { continue }
            waiting += try take(key).parents
        }
        return frontier
    }

    /// Walks from `frontier`, youngest first, until all that is left is reachable from `hidden`. Where clocks were
    /// wrong it takes more commits than needed, never fewer.
    mutating func walkOld(_ frontier: Set<ObjectKey>, hiding hidden: [ObjectKey]) throws(Absence) {
        var queue = YoungestFirst<ObjectKey>()
        var headers: [ObjectKey: CommitHeader] = [:]
        var isHidden: [ObjectKey: Bool] = [:]
        var interesting = 0
        for (keys, hides) in [(hidden, true), (Array(frontier), false)] {
            for key in keys where isHidden[key] == nil {
                try enqueue(key, hides, &queue, &headers, &isHidden)
                interesting += hides ? 0 : 1
            }
        }
        while interesting > 0, let key = queue.pop(), let header = headers.removeValue(forKey: key) {
            let hides = isHidden[key] ?? false
            if !hides {
                interesting -= 1
                if visited.insert(key).inserted {
                    found.append(Commit(tree: header.tree, parents: parents(of: key, header)))
                }
            }
            for parent in parents(of: key, header) {
                switch isHidden[parent] {
                case nil where hides:
                    // A hole in old history is not this push's fault.
                    if database.contains(parent) { try enqueue(parent, true, &queue, &headers, &isHidden) }
                case nil:
                    try enqueue(parent, false, &queue, &headers, &isHidden)
                    interesting += 1
                case false? where hides && headers[parent] != nil:
                    isHidden[parent] = true
                    interesting -= 1
                default: break
                }
            }
        }
    }

    /// The trees of commits, as far as they can be read.
    func trees(of commits: [ObjectKey]) throws(Absence) -> [ObjectKey] {
        var trees: [ObjectKey] = []
        for key in commits { trees.append(try read(key).tree) }
        return trees
    }

    private func enqueue(
        _ key: ObjectKey, _ hides: Bool, _ queue: inout YoungestFirst<ObjectKey>,
        _ headers: inout [ObjectKey: CommitHeader],
        _ isHidden: inout [ObjectKey: Bool]
    ) throws(Absence) {
        let header = try read(key)
        headers[key] = header
        isHidden[key] = hides
        queue.push(key, time: header.time)
    }

    private mutating func take(_ key: ObjectKey) throws(Absence) -> Commit {
        let header = try read(key)
        let commit = Commit(tree: header.tree, parents: parents(of: key, header))
        found.append(commit)
        return commit
    }

    private func parents(of key: ObjectKey, _ header: CommitHeader) -> [ObjectKey] {
        shallow.contains(key) ? [] : header.parents
    }

    private func read(_ key: ObjectKey) throws(Absence) -> CommitHeader {
        try Absence.wrap { () throws(GitError) in try budget.check("check connectivity") }
        let header = try Absence.wrap { () throws(GitError) in
            try database.withObject(key) { kind, bytes throws(GitError) in
                kind == .commit ? try CommitHeader(bytes) : nil
            }
        }
        guard case let header?? = header else { throw .missing(key) }
        return header
    }
}

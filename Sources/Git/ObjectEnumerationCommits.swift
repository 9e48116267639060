/// The walk through history, youngest first, from what is wanted and from what the client has.
struct CommitEnumeration {
    private struct Waiting {
        let time: Int64
        let number: ObjectNumber
        let tree: ObjectKey
        let parents: [ObjectKey]
    }

    private let store: ObjectStore
    private let marks: ObjectMarks
    private let budget: WorkBudget
    private var queue = YoungestFirst<Waiting>()
    /// Commits found to be wanted, with their trees; those the client turns out to have are among them.
    private var found: [(commit: ObjectNumber, tree: ObjectNumber)] = []
    /// Commits that the client was said to have by name.
    private var named: [(time: Int64, number: ObjectNumber)] = []
    /// Commits that wait and are wanted so far.
    private var wanted = 0
    private var steps = 0

    init(store: ObjectStore, marks: ObjectMarks, budget: WorkBudget) {
        self.store = store
        self.marks = marks
        self.budget = budget
    }

    /// Adds a commit that the client has with all that it reaches; before the first call of `addWant`.
    mutating func addHad(_ number: ObjectNumber) throws(GitError) {
        guard marks[number] & ObjectMarks.queued == 0 else { return }
        marks[number] |= ObjectMarks.had
        let time = try enqueue(number)
        named.append((time, number))
    }

    /// Adds a commit that the client wants with all that it reaches.
    mutating func addWant(_ number: ObjectNumber) throws(GitError) {
        guard marks[number] & ObjectMarks.queued == 0 else { return }
        try enqueue(number)
        wanted += 1
    }

    /// Walks until nothing that is wanted can turn out to be had, as far as clocks can be trusted; then a little more.
    mutating func walk() throws(GitError) {
        var oldest = Int64.max
        var slack = 0
        while let commit = queue.pop() {
            try spend()
            let isHad = marks[commit.number] & ObjectMarks.had != 0
            marks[commit.number] |= ObjectMarks.visited
            let isCut = marks[commit.number] & ObjectMarks.cut != 0
            if isHad {
                if wanted == 0 {
                    slack = commit.time >= oldest ? 0 : slack + 1
                    if slack > Self.slack || found.isEmpty { return }
                }
                if !isCut { for parent in commit.parents { try markHad(parent) } }
            } else {
                wanted -= 1
                oldest = min(oldest, commit.time)
                try take(commit)
                if !isCut { for parent in commit.parents { try want(parent) } }
            }
        }
    }

    /// Calls `body` with the tree of each commit that is to be sent.
    func forEachSent(_ body: (ObjectNumber) -> Void) {
        for (commit, tree) in found where marks.isSent(commit) { body(tree) }
    }

    /// The trees of commits at the edge of what the client has: parents of what is sent, and what was named.
    func hadTrees() throws(GitError) -> [ObjectNumber] {
        guard !named.isEmpty else { return [] }
        var edge: Set<ObjectNumber> = Set(named.sorted { $0.time > $1.time }.prefix(Self.namedTrees).map(\.number))
        for (commit, _) in found where marks.isSent(commit) && marks[commit] & ObjectMarks.cut == 0 {
            for parent in try store.links(of: commit).parents {
                if let number = try store.number(of: parent), marks[number] & ObjectMarks.had != 0 {
                    edge.insert(number)
                }
            }
        }
        var trees: [ObjectNumber] = []
        for commit in edge {
            if let tree = try store.number(of: store.links(of: commit).tree) { trees.append(tree) }
        }
        return trees
    }

    /// How many commits more than needed are visited, in case that some have wrong times.
    private static let slack = 32
    /// How many of the named commits have their trees read, which is no more than a help to send less.
    private static let namedTrees = 256

    @discardableResult
    private mutating func enqueue(_ number: ObjectNumber) throws(GitError) -> Int64 {
        let links = try store.links(of: number)
        marks[number] |= ObjectMarks.queued
        queue.push(
            Waiting(time: links.time, number: number, tree: links.tree, parents: links.parents), time: links.time)
        return links.time
    }

    private mutating func take(_ commit: Waiting) throws(GitError) {
        guard let tree = try store.number(of: commit.tree) else { throw ObjectEnumeration.missing(commit.tree) }
        marks[commit.number] |= ObjectMarks.sent
        found.append((commit.number, tree))
    }

    private mutating func want(_ key: ObjectKey) throws(GitError) {
        guard let number = try store.number(of: key) else { throw ObjectEnumeration.missing(key) }
        try addWant(number)
    }

    /// The client has this commit; if it was taken for wanted, so were its ancestors.
    private mutating func markHad(_ key: ObjectKey) throws(GitError) {
        var waiting = [key]
        while let key = waiting.popLast() {
            // A hole in old history on our side says nothing about the client's.
            guard let number = try store.number(of: key), marks[number] & ObjectMarks.had == 0 else { continue }
            let mark = marks[number]
            marks[number] |= ObjectMarks.had
            if mark & ObjectMarks.visited != 0 {
                if mark & ObjectMarks.cut == 0 { waiting += try store.links(of: number).parents }
            } else if mark & ObjectMarks.queued != 0 {
                wanted -= 1
            } else {
                try enqueue(number)
            }
        }
    }

    private mutating func spend() throws(GitError) {
        steps += 1
        if steps & 1023 == 0 { try budget.check("enumerate objects") }
    }
}

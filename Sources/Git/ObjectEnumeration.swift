import GitWire

/// Finds out which objects a client needs: what its wants reach, without what it has.
///
/// Too much may be found where clocks were wrong or trees moved far, as with git itself, but never too little.
struct ObjectEnumeration {
    let store: ObjectStore
    let budget: WorkBudget
    let marks: ObjectMarks

    init(store: ObjectStore, budget: WorkBudget) {
        self.store = store
        self.budget = budget
        marks = ObjectMarks(count: store.packedCount)
    }

    /// Marks what is to be sent, and what the client has of that which deltas may build on. `tags` are
    /// references to annotated tags, which go along with what they lead to.
    ///
    /// - Throws: when an object that the client needs is missing or malformed.
    func run(_ request: FetchRequest, tags: [AdvertisedReference] = []) throws(GitError) {
        var commits = CommitEnumeration(store: store, marks: marks, budget: budget)
        var trees = TreeEnumeration(store: store, marks: marks, budget: budget)
        for id in request.boundary + request.clientShallow {
            if let number = try store.number(of: ObjectKey(id)) { marks[number] |= ObjectMarks.cut }
        }
        // A client that names nothing it has wants all anew, even where its history ends (`git fetch --refetch`).
        let had = request.common.isEmpty ? [] : request.common + request.clientShallow
        for id in had + request.unshallowed { try addHad(ObjectKey(id), &commits, &trees) }
        var plain: [(ObjectNumber, ObjectKind)] = []
        for id in request.wants { try addWant(ObjectKey(id), &commits, &plain) }
        for id in request.unshallowed {
            for parent in try store.links(of: require(ObjectKey(id))).parents { try addWant(parent, &commits, &plain) }
        }
        try commits.walk()
        for tree in try commits.hadTrees() { trees.add(tree, had: true) }
        try trees.walk(had: true)
        for (number, kind) in plain { kind == .tree ? trees.add(number, had: false) : trees.addBlob(number) }
        commits.forEachSent { trees.add($0, had: false) }
        try trees.walk(had: false)
        for tag in tags { try include(tag) }
    }

    private func require(_ key: ObjectKey) throws(GitError) -> ObjectNumber {
        guard let number = try store.number(of: key) else { throw Self.missing(key) }
        return number
    }

    static func missing(_ key: ObjectKey) -> GitError {
        GitError(operation: "read object '\(key.id)'", reason: "there is no such object")
    }

    /// What the client has may be missing here: then it says nothing.
    private func addHad(
        _ key: ObjectKey, _ commits: inout CommitEnumeration, _ trees: inout TreeEnumeration
    ) throws(GitError) {
        var next: ObjectKey? = key
        while let key = next, let number = try store.number(of: key) {
            next = nil
            switch try store.kind(number) {
            case .commit: try commits.addHad(number)
            case .tree: trees.add(number, had: true)
            case .blob: marks[number] |= ObjectMarks.had
            case .tag:
                marks[number] |= ObjectMarks.had
                next = try store.tagTarget(number)
            }
        }
    }

    /// Follows annotated tags, which are sent, to what they point to in the end.
    private func addWant(
        _ key: ObjectKey, _ commits: inout CommitEnumeration, _ plain: inout [(ObjectNumber, ObjectKind)]
    ) throws(GitError) {
        var next: ObjectKey? = key
        while let key = next {
            next = nil
            let number = try require(key)
            let kind = try store.kind(number)
            switch kind {
            case .commit: try commits.addWant(number)
            case .tree, .blob: plain.append((number, kind))
            case .tag:
                marks[number] |= ObjectMarks.sent
                next = try store.tagTarget(number)
            }
        }
    }

    /// Sends the annotated tag, and those between it and what it leads to in the end, if that is sent.
    private func include(_ tag: AdvertisedReference) throws(GitError) {
        guard let end = tag.peeled, let target = try store.number(of: ObjectKey(end)), marks.isSent(target) else {
            return
        }
        var next = try require(ObjectKey(tag.target))
        while next != target, try store.kind(next) == .tag {
            marks[next] |= ObjectMarks.sent
            next = try require(store.tagTarget(next))
        }
    }
}

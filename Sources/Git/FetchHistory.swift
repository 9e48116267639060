import CLibGit2
package import GitWire
import Threads

/// What one fetch has to know of a repository's history: which commits are common, whether they suffice, and where a
/// shallow history ends.
///
/// Its work blocks a thread of its own, and one question takes a limited time.
package actor FetchHistory {
    /// Where the history of a shallow client ends.
    package struct Shallow: Hashable, Sendable {
        /// Where it ends from now on, and did not before.
        package var boundary: [ObjectID] = []
        /// Where it ended, and goes on now.
        package var unshallowed: [ObjectID] = []
        /// Where it ended before, as far as we have those commits.
        package var client: [ObjectID] = []

        /// A history that is complete.
        package init() {}
    }

    private let thread = WorkerThread()
    private let path: String
    private let budget: WorkBudget
    private var opened: (repository: Repository, graph: CommitGraph)?
    private var common: [ObjectID] = []
    /// The commits that the client has, and their parents.
    private var goals = NodeSet()
    private var oldest = Int64.max
    /// What was found out about the haves so far; nil when there were more since.
    private var isReady: Bool?

    /// Everything runs on the history's own thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - path: the repository's folder, which is opened by the first question.
    ///   - seconds: how long one question may take.
    package init(repository path: String, seconds: Int = PackLimits().seconds) {
        self.path = path
        budget = WorkBudget(seconds: seconds)
    }

    /// Makes the question that is being answered throw soon, and each later one. From any thread.
    package nonisolated func cancel() { budget.cancel() }

    /// Forgets what is common, for the next request of the same client. What was read of the history stays.
    package func forgetCommon() {
        common = []
        goals = NodeSet()
        oldest = .max
        isReady = nil
    }

    /// The commits that are common so far.
    package var commonCommits: [ObjectID] { common }

    /// Whether we have each of these, too. Only commits and tags of commits count: others say nothing of a history.
    ///
    /// - Throws: when the repository cannot be read.
    package func knows(_ haves: [ObjectID]) throws(GitError) -> [Bool] {
        let (repository, _) = try open()
        var known: [Bool] = []
        for have in haves {
            // A miss would otherwise read the folder of packs again, and most haves of a busy client are misses.
            let isThere = repository.database.containsNow(ObjectKey(have))
            known.append(isThere ? try repository.peelToCommit(ObjectKey(have)) != nil : false)
        }
        return known
    }

    /// Notes what is common: haves that we know.
    ///
    /// - Throws: when the repository cannot be read.
    package func add(common haves: [ObjectID]) throws(GitError) {
        let (_, graph) = try open()
        for node in try commits(haves) { try note(node, in: graph) }
    }

    /// Whether each of `wants` reaches something common, so that more haves would hardly make the pack smaller. Wants
    /// that are no commits do not count.
    package func canGiveUp(wants: [ObjectID]) throws(GitError) -> Bool {
        guard !common.isEmpty else { return false }
        if let isReady { return isReady }
        let (_, graph) = try open()
        let tips = try commits(wants)
        let answer = try graph.allReach(tips, oldest: oldest) { goals.contains($0) }
        isReady = answer
        return answer
    }

    /// The first of `wants` that is no commit reachable from `tips`, and none of the tags on the way; nil if there is
    /// none.
    package func firstUnreachable(_ wants: [ObjectID], from tips: [ObjectID]) throws(GitError) -> ObjectID? {
        let (repository, graph) = try open()
        var tags: Set<ObjectID> = []
        for tip in tips { tags.formUnion(try repository.tags(at: tip)) }
        let wants = wants.filter { !tags.contains($0) }
        for want in wants where !repository.database.containsNow(ObjectKey(want)) { return want }
        for want in wants where try repository.kind(of: want) != .commit { return want }
        let unreached = try graph.unreached(wants.map { graph.node(ObjectKey($0)) }, from: commits(tips))
        return unreached.first.map { graph.key(of: $0).id }
    }

    /// Where the client's history ends once it has been deepened; with nil, where it ends anyway.
    ///
    /// - Parameters:
    ///   - excluded: the commits whose history is left out, for a deepening by revisions.
    ///   - client: where it ends now.
    ///   - tips: what the client could see, for a relative depth.
    /// - Throws: `WireError.nothingSelected`; `GitError` when the repository cannot be read.
    package func deepen(
        _ deepening: UploadPackRequest.Deepening?, wants: [ObjectID], excluded: [ObjectID], client: [ObjectID],
        tips: [ObjectID]
    ) throws -> Shallow {
        let (_, graph) = try open()
        let nodes = try held(client)
        var shallow = Shallow()
        shallow.client = nodes.map { graph.key(of: $0).id }
        let walk: ShallowWalk
        switch deepening {
        case nil: return shallow
        case .depth(UploadPackRequest.Deepening.infiniteDepth, _):
            shallow.unshallowed = shallow.client
            return shallow
        case .depth(let depth, isRelative: true):
            let lost = try Set(graph.unreached(nodes, from: commits(tips)))
            walk = try graph.cutOff(nodes.filter { !lost.contains($0) }, atDepth: depth + 1)
        case .depth(let depth, isRelative: false):
            walk = try graph.cutOff(commits(wants), atDepth: depth)
        case .revisions(let since, _):
            let cut = try graph.cutOff(commits(wants), since: since, excluding: commits(excluded))
            guard let cut else { throw WireError.nothingSelected }
            walk = cut
        }
        let known = Set(nodes)
        shallow.boundary = walk.boundary.filter { !known.contains($0) }.map { graph.key(of: $0).id }
        shallow.unshallowed = nodes.filter { walk.inner.contains($0) }.map { graph.key(of: $0).id }
        return shallow
    }

    private func open() throws(GitError) -> (repository: Repository, graph: CommitGraph) {
        budget.restart()
        if let opened { return opened }
        let repository = try Repository(at: path)
        let opened = (repository, CommitGraph(database: repository.database, budget: budget))
        self.opened = opened
        return opened
    }

    private func note(_ node: CommitGraph.Node, in graph: CommitGraph) throws(GitError) {
        let parents = try graph.parents(of: node)
        oldest = min(oldest, try graph.time(of: node))
        if goals.insert(node) { common.append(graph.key(of: node).id) }
        for parent in parents { goals.insert(parent) }
        if isReady == false { isReady = nil }
    }

    /// The commits that `ids` are or lead to as tags; others are left out.
    private func commits(_ ids: [ObjectID]) throws(GitError) -> [CommitGraph.Node] {
        let (repository, graph) = try open()
        var nodes: [CommitGraph.Node] = []
        for id in ids {
            if let commit = try repository.peelToCommit(ObjectKey(id)) { nodes.append(graph.node(commit)) }
        }
        return nodes
    }

    /// Those of the client's shallow commits that we have, each once.
    private func held(_ ids: [ObjectID]) throws -> [CommitGraph.Node] {
        let (repository, graph) = try open()
        var seen = NodeSet()
        var nodes: [CommitGraph.Node] = []
        for id in ids where repository.database.containsNow(ObjectKey(id)) {
            guard try repository.kind(of: id) == .commit else { throw WireError.invalidShallow(id) }
            let node = graph.node(ObjectKey(id))
            if seen.insert(node) { nodes.append(node) }
        }
        return nodes
    }
}

extension Repository {
    /// The tag objects from `id` on to what they lead to.
    fileprivate func tags(at id: ObjectID) throws(GitError) -> [ObjectID] {
        var tags: [ObjectID] = []
        var key = ObjectKey(id)
        while try database.kind(of: key) == .tag {
            tags.append(key.id)
            let target = try database.withObject(key) { _, bytes throws(GitError) in try TagHeader(bytes).target }
            guard let target else { break }
            key = target
        }
        return tags
    }
}

extension ObjectDatabase {
    /// Whether there is an object of that ID, as far as it was there when the folder of packs was read last.
    fileprivate func containsNow(_ key: ObjectKey) -> Bool {
        var oid = key.oid
        return git_odb_exists_ext(handle, &oid, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 1
    }
}

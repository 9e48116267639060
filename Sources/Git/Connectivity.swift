import GitWire

/// Finds out whether everything that new references would need is there (git's `check_connected`).
///
/// That an object exists proves nothing about what it points to: leftovers of earlier failures may lack their
/// trees. Only what existing references reach is taken for complete; all else is walked. The commits of submodules
/// belong to other repositories and are not looked for.
///
/// What a pack brought need not be walked if all that its objects refer to is in the pack or known to be complete:
/// then each of them is complete.
struct Connectivity {
    let repository: Repository
    /// What the push brought; nil if it brought nothing.
    let newObjects: NewObjects?
    let treeDepth: Int
    let budget: WorkBudget
    /// Commits whose parents are not looked for: where the history of a shallow clone ends.
    var shallow: Set<ObjectKey> = []
    /// What existing references point to; nil to look.
    var references: [ObjectID]?

    /// A walk over so few new objects costs less than the search for all that they refer to.
    private static let smallPush = 1000

    private var database: ObjectDatabase { repository.database }

    /// The first object found missing, or to be of the wrong kind, among all that `tips` need; nil if none is.
    /// Tips that are zero are passed over.
    func missingObject(reachableFrom tips: [ObjectID]) throws(GitError) -> ObjectID? {
        budget.restart()
        do throws(Absence) {
            try check(tips.map { ObjectKey($0) })
            return nil
        } catch {
            switch error {
            case .missing(let key): return key.id
            case .failed(let error): throw error
            }
        }
    }

    private func check(_ tips: [ObjectKey]) throws(Absence) {
        let known = try knownTips()
        let unknown = tips.filter { !$0.isZero && !known.contains($0) }
        guard let newObjects, try isClosed(newObjects, unknown, known) else { return try walk(unknown, known) }
        if newObjects.trees > treeDepth {
            var depths = TreeDepth(database: database, limit: treeDepth, budget: budget)
            for tip in unknown where newObjects.kind(of: tip) != nil { try depths.check(tip) }
        }
        try walk(unknown.filter { newObjects.kind(of: $0) == nil }, known)
    }

    private func knownTips() throws(Absence) -> Set<ObjectKey> {
        if let references { return Set(references.map { ObjectKey($0) }) }
        return Set(
            try Absence.wrap { () throws(GitError) in try repository.references() }
                .map { ObjectKey($0.target) })
    }

    /// Whether all that the new objects refer to is complete. If not, that may be of no concern to the tips.
    private func isClosed(
        _ newObjects: NewObjects, _ tips: [ObjectKey], _ known: Set<ObjectKey>
    ) throws(Absence) -> Bool {
        guard let external = newObjects.external else { return false }
        if external.isEmpty { return true }
        guard newObjects.count > Self.smallPush else { return false }
        if let isClosed = newObjects.isClosed, shallow.isEmpty { return isClosed }
        let isClosed: Bool
        do throws(Absence) {
            isClosed = try prove(external, newObjects, tips, known)
        } catch {
            guard case .missing = error else { throw error }
            isClosed = false
        }
        if shallow.isEmpty { newObjects.isClosed = isClosed }
        return isClosed
    }

    private func prove(
        _ external: NewObjects.External, _ newObjects: NewObjects, _ tips: [ObjectKey], _ known: Set<ObjectKey>
    ) throws(Absence) -> Bool {
        guard external.tags.isSubset(of: known) else { return false }
        var frontier = external.commits
        if !shallow.isEmpty {
            // Which parents are needed shows only on the way from the tips.
            var commits = CommitWalk(database: database, budget: budget, shallow: shallow)
            let trees = TreeWalk(database: database, newObjects: newObjects, depth: treeDepth, budget: budget)
            for tip in tips {
                if case (let key, .commit) = try trees.peel(tip) { commits.add(key) }
            }
            frontier = try commits.walkNew { newObjects.kind(of: $0) == .commit && !known.contains($0) }
        }
        let unproven = frontier.subtracting(known)
        if !unproven.isEmpty {
            var commits = CommitWalk(database: database, budget: budget, shallow: shallow)
            try commits.walkOld(unproven, hiding: hiddenCommits(known))
            guard commits.found.isEmpty else { return false }
        }
        var search = ExternalSearch(trees: external.trees, blobs: external.blobs, database: database, budget: budget)
        try search.search(commits: frontier)
        var trees = TreeWalk(database: database, newObjects: newObjects, depth: treeDepth, budget: budget)
        for key in search.blobs { try trees.require(key, .blob) }
        for key in search.trees { try trees.check(key, against: []) }
        return true
    }

    private func walk(_ tips: [ObjectKey], _ known: Set<ObjectKey>) throws(Absence) {
        if tips.isEmpty { return }
        var trees = TreeWalk(database: database, newObjects: newObjects, depth: treeDepth, budget: budget)
        var commits = CommitWalk(database: database, budget: budget, shallow: shallow)
        for tip in tips {
            switch try trees.peel(tip) {
            case (let key, .commit): if !known.contains(key) { commits.add(key) }
            case (let key, .tree): try trees.check(key, against: [])
            case (let key, _): try trees.require(key, .blob)
            }
        }
        let frontier = try commits.walkNew { newObjects?.kind(of: $0) == .commit && !known.contains($0) }
        let unproven = frontier.subtracting(known)
        if !unproven.isEmpty { try commits.walkOld(unproven, hiding: hiddenCommits(known)) }
        // Parents before children, so that a child's tree is compared with one that has been walked.
        for commit in commits.found.reversed() {
            try trees.check(commit.tree, against: frontier.isEmpty ? [] : commits.trees(of: commit.parents))
        }
    }

    private func hiddenCommits(_ known: Set<ObjectKey>) throws(Absence) -> [ObjectKey] {
        var hidden: [ObjectKey] = []
        for key in known {
            if let commit = try Absence.wrap({ () throws(GitError) in try repository.peelToCommit(key) }) {
                hidden.append(commit)
            }
        }
        return hidden
    }
}

/// What ends a connectivity check before it is through.
enum Absence: Error {
    /// This object is needed and not there, or not what it is used as.
    case missing(ObjectKey)
    /// The check itself failed.
    case failed(GitError)

    /// Runs `body`, whose errors become `failed`.
    static func wrap<Result>(_ body: () throws(GitError) -> Result) throws(Absence) -> Result {
        do throws(GitError) {
            return try body()
        } catch {
            throw .failed(error)
        }
    }
}

import GitWire

/// Finds out whether everything that new references would need is there (git's `check_connected`).
///
/// That an object exists proves nothing about what it points to: leftovers of earlier failures may lack their
/// trees. Only what existing references reach is taken for complete; all else is walked. The commits of submodules
/// belong to other repositories and are not looked for.
struct Connectivity {
    let repository: Repository
    /// What the push brought; nil if it brought nothing.
    let newObjects: NewObjects?
    let treeDepth: Int
    let budget: WorkBudget
    let shallow: Set<ObjectKey>

    private var database: ObjectDatabase { repository.database }

    /// The first object found missing, or to be of the wrong kind, among all that `tips` need; nil if none is.
    /// Tips that are zero are passed over.
    func missingObject(reachableFrom tips: [ObjectID]) throws(GitError) -> ObjectID? {
        budget.restart()
        do throws(Absence) {
            try walk(tips.map { ObjectKey($0) })
            return nil
        } catch {
            switch error {
            case .missing(let key): return key.id
            case .failed(let error): throw error
            }
        }
    }

    private func walk(_ tips: [ObjectKey]) throws(Absence) {
        let known = Set(
            try Absence.wrap { () throws(GitError) in try repository.references() }
                .map { ObjectKey($0.target) })
        var trees = TreeWalk(database: database, newObjects: newObjects, depth: treeDepth, budget: budget)
        var commits = CommitWalk(database: database, budget: budget, shallow: shallow)
        for tip in tips where !tip.isZero && !known.contains(tip) {
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

package import GitWire
import Threads

/// The objects of one push, kept apart from the repository until they are accepted: nobody else sees them, and
/// nothing of them stays if they are not.
///
/// Its work blocks a thread of its own. The order is: `append` until complete, `finish`, `missingObject` and other
/// questions, then `migrate` or `discard`. A quarantine that is dropped discards itself.
package actor Quarantine {
    private let thread = WorkerThread()
    private let repositoryPath: String
    private let limits: PackLimits
    private let budget: WorkBudget
    private let files: QuarantineFiles
    private var ingest: PackIngest?
    private var repository: Repository?
    private var pack: String?
    private var newObjects: NewObjects?
    private var failure: GitError?
    private var isFinished = false
    private var isClosed = false

    /// Everything runs on the quarantine's own thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A quarantine of the repository at `path`.
    ///
    /// - Throws: when there is no repository.
    package init(repository path: String, limits: PackLimits = PackLimits()) throws(GitError) {
        repositoryPath = path
        self.limits = limits
        budget = WorkBudget(seconds: limits.seconds)
        files = try QuarantineFiles(in: path)
    }

    /// Takes the next bytes of the pack, in pieces of any size, and says whether it is complete. It never waits for
    /// an end of the stream: the pack says where it ends.
    ///
    /// Objects that are whole are validated as they come: names, modes and order in trees, the form of commits and
    /// tags (`git fsck`).
    ///
    /// - Throws: when the pack is malformed, beyond a limit, or holds an object that must not be stored, with git's
    ///   words as the reason where git has some; from then on each call throws the same.
    package func append(_ bytes: [UInt8]) throws(GitError) -> PackFeed {
        try step { () throws(GitError) in
            guard !isFinished, !isClosed else { throw Self.misuse("append to a pack that is finished") }
            if ingest == nil {
                ingest = try PackIngest(files, limits: limits, budget: budget)
            }
            return try ingest?.append(bytes) ?? .needsMore
        }
    }

    /// Resolves and validates what `append` could not, and indexes the complete pack. An empty pack stores nothing.
    ///
    /// - Throws: when the pack is incomplete, corrupted, lacks a base, or holds an object that must not be stored.
    package func finish() throws(GitError) -> PackSummary {
        try step { () throws(GitError) in
            guard let ingest else {
                throw GitError(operation: "receive pack", reason: "eof before pack header was fully read")
            }
            budget.restart()
            let (summary, name, objects) = try ingest.finish { () throws(GitError) in try open().database }
            self.ingest = nil
            isFinished = true
            // The next one has to see the new pack.
            repository = nil
            pack = name
            newObjects = objects
            return summary
        }
    }

    /// The first object found missing among all that `tips` need, over the quarantine and the repository; nil if
    /// they are complete. What existing references reach, hidden ones included, is complete. The commits of
    /// submodules are not looked for; zero IDs are passed over.
    ///
    /// The parents of commits in `shallow` are not looked for either, where the walk meets one: there the history of a
    /// shallow clone ends. `references` is what the repository's references point to, hidden ones included, if the
    /// caller has just read them.
    ///
    /// - Throws: when it takes too long, is cancelled, or a tree is nested too deep.
    package func missingObject(
        reachableFrom tips: [ObjectID], shallow: Set<ObjectID> = [], references: [ObjectID]? = nil
    ) throws(GitError) -> ObjectID? {
        try Connectivity(
            repository: open(), newObjects: newObjects, treeDepth: limits.treeDepth, budget: budget,
            shallow: Set(shallow.map { ObjectKey($0) }), references: references
        ).missingObject(reachableFrom: tips)
    }

    /// What `body` makes of the repository with the quarantine's objects in front of it; after `migrate`, of the
    /// repository itself. It runs on the quarantine's thread.
    package func withRepository<Value: Sendable>(
        _ body: @Sendable (Repository) throws -> Value
    ) throws -> Value {
        try body(open())
    }

    /// The folder of the objects in quarantine, in the form of git's `objects`, for `GIT_QUARANTINE_PATH`; it is gone
    /// after `migrate` and `discard`.
    ///
    /// - Throws: when it cannot be made.
    package func folder() throws(GitError) -> String {
        // The open handles know the pack by its old path.
        repository = nil
        return try files.makeFolder(pack: pack)
    }

    /// As `Repository.kind(of:)`.
    package func kind(of id: ObjectID) throws(GitError) -> ObjectKind? { try open().kind(of: id) }

    /// As `Repository.peelToCommit(_:)`.
    package func peelToCommit(_ id: ObjectID) throws(GitError) -> ObjectID? { try open().peelToCommit(id) }

    /// As `Repository.isAncestor(_:of:)`.
    package func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
        try open().isAncestor(ancestor, of: commit)
    }

    /// As `Repository.commit(_:)`.
    package func commit(_ id: ObjectID) throws(GitError) -> CommitSummary { try open().commit(id) }

    /// Moves the pack into the repository, on disk before this returns, and removes the quarantine. References
    /// may point to the objects from then on. Does nothing more if called again.
    ///
    /// - Throws: when something failed before, or the pack cannot be moved.
    package func migrate() throws(GitError) {
        if let failure { throw failure }
        guard !isClosed else { return }
        guard ingest == nil else { throw Self.misuse("migrate a pack that is not finished") }
        // The open handles know the pack by its old path.
        close()
        if let pack { try files.migrate(pack: pack) }
        isClosed = true
        try files.remove()
    }

    /// Forgets the objects and removes the quarantine's files; after `migrate` there is nothing left to do.
    ///
    /// - Throws: when a file cannot be removed. The next start of the server removes it.
    package func discard() throws(GitError) {
        close()
        if !isClosed { failure = failure ?? Self.misuse("use a discarded quarantine") }
        try files.remove()
    }

    /// Makes work in progress fail soon. May be called while the quarantine is busy.
    package nonisolated func cancel() { budget.cancel() }

    private func step<Value>(_ body: () throws(GitError) -> Value) throws(GitError) -> Value {
        if let failure { throw failure }
        do throws(GitError) {
            return try body()
        } catch {
            failure = error
            throw error
        }
    }

    private func open() throws(GitError) -> Repository {
        if let repository { return repository }
        let repository = try Repository(at: repositoryPath, quarantine: pack == nil || isClosed ? nil : files.index)
        self.repository = repository
        return repository
    }

    private func close() {
        ingest = nil
        repository = nil
        newObjects = nil
    }

    private static func misuse(_ operation: String) -> GitError {
        GitError(operation: operation, reason: "this is not possible any more")
    }
}

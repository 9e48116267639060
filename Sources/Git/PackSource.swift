import GitWire
import Threads

/// The pack that answers one fetch, made on a thread of its own: what the client wants without what it has.
///
/// It sees the repository as it is when `prepare` is called; whatever becomes of packs afterwards, the stream goes on.
package actor PackSource {
    private let thread = WorkerThread()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let path: String
    private let budget = WorkBudget(seconds: 0)
    private var stream: PackStream?

    /// A source for the repository at `path`, which is not touched yet.
    package init(repository path: String) { self.path = path }

    /// Finds out which objects to send, and returns how many they are; `next` gives them.
    ///
    /// The caller answers for `wants` being what the client may see. A common or boundary commit that is not there is
    /// passed over.
    ///
    /// - Throws: when there is no repository, something wanted is missing or corrupt, or `cancel` was called.
    package func prepare(_ request: FetchRequest) throws(GitError) -> Int {
        stream = nil
        let repository = try Repository(at: path)
        let store = try ObjectStore("\(repository.path)/objects")
        let enumeration = ObjectEnumeration(store: store, budget: budget)
        try enumeration.run(request, tags: request.includesTags ? Self.tags(of: repository) : [])
        var options = PackStream.Options()
        options.allowsOffsetDeltas = request.allowsOffsetDeltas
        options.isThin = request.isThin
        let stream = try PackStream(store: store, marks: enumeration.marks, options: options, budget: budget)
        self.stream = stream
        return stream.count
    }

    /// The next bytes of the pack, at most about 256 KiB; empty after its end.
    ///
    /// - Throws: when an object is missing or corrupt, `prepare` was not called, or `cancel` was called. The pack is
    ///   then broken off without its checksum.
    package func next() throws(GitError) -> [UInt8] {
        guard let stream else { throw GitError(operation: "send pack", reason: "it was not prepared") }
        return try stream.next()
    }

    /// The annotated tags that references below `refs/tags/` name.
    private static func tags(of repository: Repository) throws(GitError) -> [AdvertisedReference] {
        try ReferenceCache.shared.snapshot(of: repository.path).references
            .filter { $0.peeled != nil && $0.name.text.utf8.starts(with: "refs/tags/".utf8) }
    }

    /// Makes work in progress fail soon. May be called at any time, from anywhere.
    package nonisolated func cancel() { budget.cancel() }
}

/// Takes one pack as it arrives: `PackScanner` looks at every byte first, `PackIndexer` stores what it lets through.
final class PackIngest {
    private let scanner: PackScanner
    private let folder: String
    private let bases: ObjectDatabase
    private let limits: PackLimits
    private let budget: WorkBudget
    /// Bytes scanned and not yet given to the indexer.
    private var buffer: [UInt8] = []
    private var indexer: PackIndexer?

    /// Puts the pack into `folder`; bases of deltas that are not in it are taken from `bases`.
    init(folder: String, bases: ObjectDatabase, limits: PackLimits, budget: WorkBudget) throws(GitError) {
        scanner = try PackScanner(limits: limits)
        self.folder = folder
        self.bases = bases
        self.limits = limits
        self.budget = budget
    }

    func append(_ bytes: [UInt8]) throws(GitError) -> PackFeed {
        let used = try bytes.withUnsafeBufferPointer { bytes throws(GitError) in try scanner.scan(bytes) }
        // An empty pack has nothing worth storing.
        if scanner.announced > 0 || !scanner.hasHeader { buffer += bytes[..<used] }
        if scanner.announced > 0, buffer.count >= 256 << 10 || scanner.isComplete { try flush() }
        return scanner.isComplete ? .complete(rest: Array(bytes[used...])) : .needsMore
    }

    /// Ends the pack, indexes it and opens what it brought; nil if it was empty.
    func finish() throws(GitError) -> (summary: PackSummary, name: String?, objects: NewObjects?) {
        guard scanner.isComplete else {
            let reason = scanner.hasHeader ? "early EOF" : "eof before pack header was fully read"
            throw GitError(operation: "receive pack", reason: reason)
        }
        let summary = PackSummary(objects: scanner.announced, bytes: scanner.position)
        guard let indexer else { return (summary, nil, nil) }
        let name = try indexer.commit()
        self.indexer = nil
        let index = try PackIndex(path: "\(folder)/pack-\(name).idx")
        let objects = try NewObjects(
            index: index, entries: scanner.entries, bases: bases, deltaDepth: limits.deltaDepth)
        return (summary, name, objects)
    }

    private func flush() throws(GitError) {
        if indexer == nil { indexer = try PackIndexer(folder: folder, bases: bases, budget: budget) }
        try buffer.withUnsafeBufferPointer { bytes throws(GitError) in try indexer?.append(bytes) }
        buffer.removeAll(keepingCapacity: true)
    }
}

import GitWire

/// Takes one pack as it arrives: writes it down, and hashes and judges the objects that are whole; at its end resolves
/// the deltas and writes the index.
final class PackIngest {
    private let files: QuarantineFiles
    private let limits: PackLimits
    private let budget: WorkBudget
    private let links: LinkSet
    private let inspector: ObjectInspector
    private let scanner: PackScanner
    private var spool: PackSpool?

    /// Writes the pack and its index into `files`.
    init(_ files: QuarantineFiles, limits: PackLimits, budget: WorkBudget) throws(GitError) {
        self.files = files
        self.limits = limits
        self.budget = budget
        links = LinkSet()
        inspector = ObjectInspector(links: links)
        scanner = try PackScanner(limits: limits, inspector: inspector)
    }

    func append(_ bytes: [UInt8]) throws(GitError) -> PackFeed {
        try budget.check("receive pack")
        let used = try bytes.withUnsafeBufferPointer { bytes throws(GitError) in
            let used = try scanner.scan(bytes)
            links.limit = 1_000_000 + 2 * scanner.announced
            // An empty pack has nothing worth storing.
            if scanner.announced > 0 || !scanner.hasHeader {
                try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<used]))
            }
            return used
        }
        return scanner.isComplete ? .complete(rest: Array(bytes[used...])) : .needsMore
    }

    /// Ends the pack and indexes it; nil if it was empty. Bases that a thin pack lacks are taken from `database`.
    func finish(
        _ database: () throws(GitError) -> ObjectDatabase
    ) throws(GitError) -> (summary: PackSummary, name: String?, objects: NewObjects?) {
        guard scanner.isComplete, let entries = scanner.entries else {
            let reason = scanner.hasHeader ? "early EOF" : "eof before pack header was fully read"
            throw GitError(operation: "receive pack", reason: reason)
        }
        try budget.check("index pack")
        let summary = PackSummary(objects: scanner.announced, bytes: scanner.position)
        guard scanner.announced > 0, let spool else { return (summary, nil, nil) }
        let trailer = try resolve(entries, spool, database)
        let order = try PackOrder.sorted(entries)
        defer { order.free() }
        let pack = try spool.contents()
        try budget.check("index pack")
        try ContentInspector(entries: entries, order: order, pack: pack, limits: limits, budget: budget).inspect(links)
        let name = trailer.id.description
        try PackIndexWriter.write(entries, order: order, trailer: trailer, to: files.index)
        try spool.flush()
        let index = try PackFileIndex(files.index)
        let objects = try NewObjects(index: index, entries: entries, order: order, links: links)
        return (summary, name, objects)
    }

    /// Resolves all deltas; returns the checksum that the pack then ends with.
    private func resolve(
        _ entries: PackEntries, _ spool: PackSpool, _ database: () throws(GitError) -> ObjectDatabase
    ) throws(GitError) -> ObjectKey {
        let resolver = try DeltaResolver(entries: entries, limits: limits, budget: budget, links: links)
        var missing = try resolver.resolve(spool.contents(), roots: 0..<entries.count)
        if resolver.unresolved == 0 && !scanner.isVersion3 { return scanner.trailer }
        let inside = entries.count
        let completion = PackCompletion(
            spool: spool, entries: entries, database: try database(), inspector: inspector)
        try completion.append(missing)
        missing = try resolver.resolve(spool.contents(), roots: inside..<entries.count)
        guard resolver.unresolved == 0 else {
            let count = resolver.unresolved
            let base = missing.first.map { " (delta base \($0.id) is missing)" } ?? ""
            throw GitError(
                operation: "index pack", reason: "pack has \(count) unresolved delta\(count == 1 ? "" : "s")\(base)")
        }
        return try completion.finish()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(GitError) {
        if spool == nil { spool = try PackSpool(path: files.pack) }
        try spool?.append(bytes)
    }
}

import Threads

/// Writes a site's files on a thread of its own, which may block, as their bytes come.
actor SiteExtraction {
    /// What was written, and what of it is worth a line in the log.
    struct Result: Sendable {
        let entries: Int
        let bytes: Int
        let dropped: [String]
        let droppedCount: Int
    }

    private let thread = WorkerThread()
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let path: String
    private let limits: SiteLimits
    private var folder: SiteFolder?

    init(path: String, limits: SiteLimits) {
        self.path = path
        self.limits = limits
    }

    /// Makes the folder.
    func begin() throws(BuildError) { folder = try SiteFolder(path: path, limits: limits) }

    /// Writes what the next bytes of the archive hold.
    func write(_ bytes: [UInt8]) throws(BuildError) { try folder?.write(bytes) }

    /// Finishes the files.
    func finish() throws(BuildError) -> Result {
        guard var folder else { return Result(entries: 0, bytes: 0, dropped: [], droppedCount: 0) }
        try folder.finish()
        let (entries, bytes) = folder.summary
        return Result(
            entries: entries, bytes: bytes, dropped: folder.dropped, droppedCount: folder.droppedCount)
    }

    /// Closes what is open. The files stay.
    func abandon() { folder?.closeFile() }
}

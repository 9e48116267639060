import Glibc
import Threads

/// Resolves the deltas of a pack that is completely there, on all cores if there are many.
final class DeltaResolver {
    /// A thread is worth its start for so many deltas.
    private static let deltasPerThread = 256

    private let entries: PackEntries
    private let tree: DeltaTree
    private let limits: PackLimits
    private let budget: WorkBudget
    private let links: LinkSet
    private let deltas: Int
    private var resolved = 0
    private var queue: DeltaQueue?

    init(entries: PackEntries, limits: PackLimits, budget: WorkBudget, links: LinkSet) throws(GitError) {
        self.entries = entries
        self.limits = limits
        self.budget = budget
        self.links = links
        tree = try DeltaTree(entries)
        deltas = (0..<entries.count).reduce(0) { $0 + (entries.types[$1] > 4 ? 1 : 0) }
    }

    /// How many deltas have no base so far.
    var unresolved: Int { deltas - resolved }

    /// Resolves all deltas that stand, through others or not, on the whole objects at `roots` of `pack`; returns the
    /// IDs of bases that no object of the pack has.
    func resolve(_ pack: UnsafeRawBufferPointer, roots: Range<Int>) throws(GitError) -> [ObjectKey] {
        guard unresolved > 0 else { return [] }
        let threads = max(1, min(unresolved / Self.deltasPerThread, Self.cores))
        if queue == nil {
            queue = try DeltaQueue(entries: entries, tree: tree, limits: limits, threads: Self.cores)
        }
        guard let queue else { return [] }
        queue.start(pack, roots: roots, threads: threads)
        let large = Monitor()
        var workers: [DeltaWorker] = []
        for _ in 0..<threads {
            workers.append(
                try DeltaWorker(
                    entries: entries, tree: tree, queue: queue, pack: pack, limits: limits, budget: budget,
                    inspector: ObjectInspector(links: links), large: large))
        }
        run(workers)
        try queue.check()
        resolved = queue.resolved
        return unresolved > 0 ? queue.missingBases() : []
    }

    /// Runs one worker on this thread and the others on theirs, until all are done.
    private func run(_ workers: [DeltaWorker]) {
        let running = Running(workers.count - 1)
        for (thread, worker) in workers.enumerated().dropFirst() {
            let share = Share(worker: worker, thread: thread)
            startThread {
                share.run()
                running.finish()
            }
        }
        workers[0].run(0)
        running.waitForAll()
    }

    private static let cores = max(1, min(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16))
}

/// A worker on its way to its thread: nobody else uses it.
private struct Share: @unchecked Sendable {
    let worker: DeltaWorker
    let thread: Int

    func run() { worker.run(thread) }
}

/// The threads that have not ended yet.
private final class Running: @unchecked Sendable {
    private let monitor = Monitor()
    private var count: Int

    init(_ count: Int) { self.count = count }

    func finish() {
        monitor.withLock {
            count -= 1
            monitor.wakeAll()
        }
    }

    func waitForAll() {
        monitor.withLock { while count > 0 { monitor.wait() } }
    }
}

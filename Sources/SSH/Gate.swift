/// A place where tasks of a connection stay suspended until their loop lets them go on.
///
/// Resuming a continuation takes a task through the cooperative pool, that is to another thread and back: twenty
/// microseconds for each packet. A job that waits in its executor's queue instead is run where it is wanted.
actor Gate {
    /// Which tasks wait here.
    enum Kind { case lobby, watch }

    private let queue: GateQueue
    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    init(_ kind: Kind, of core: LoopCore) { queue = GateQueue(kind, core) }

    private var passes = 0

    /// Suspends until the loop opens the gate. It does something, or the optimizer would see no reason to come here.
    @inline(never)
    func pass() { passes &+= 1 }
}

/// The executor of a `Gate`: it leaves its jobs to the loop.
private final class GateQueue: SerialExecutor {
    private let kind: Gate.Kind
    private let core: LoopCore

    init(_ kind: Gate.Kind, _ core: LoopCore) {
        self.kind = kind
        self.core = core
    }

    func enqueue(_ job: consuming ExecutorJob) {
        core.park(UnownedJob(job), for: asUnownedSerialExecutor(), at: kind)
    }
}

import Glibc
import Threads

/// A thread that runs the jobs of one connection and, between them, waits for its socket.
///
/// It ends once the last reference is gone and every job enqueued so far has run.
final class SessionLoop: SerialExecutor {
    private let core: LoopCore
    private let lobby: Gate
    private let watch: Gate

    /// - Throws: when the process has no descriptor left.
    init() throws(SSHError) {
        core = try LoopCore()
        lobby = Gate(.lobby, of: core)
        watch = Gate(.watch, of: core)
        startThread { [core] in core.run() }
    }

    deinit { core.close() }

    func enqueue(_ job: consuming ExecutorJob) {
        core.add(UnownedJob(job), for: asUnownedSerialExecutor())
    }

    func checkIsolated() {
        precondition(core.isCurrent, "libssh called off its thread")
    }

    /// Suspends until `descriptor` is readable, or writable where the last `setWantsWrite` says so, `deadline` has
    /// come or `nudge` is called. One task at a time, on the loop's thread.
    func ready(
        _ descriptor: Int32, until deadline: ContinuousClock.Instant, isolation: isolated (any Actor)? = #isolation
    ) async {
        core.watch(descriptor, until: deadline)
        await watch.pass()
    }

    /// Whether bytes wait for the socket to take them.
    func setWantsWrite(_ wantsWrite: Bool) { core.setWantsWrite(wantsWrite) }

    /// Ends the current `ready`, or the next one at once.
    func nudge() { core.nudge() }

    /// Suspends until `wakeAll` is called. To be called on the loop's thread.
    func wait(isolation: isolated (any Actor)? = #isolation) async { await lobby.pass() }

    /// Resumes every task in `wait`, and those about to enter it within the present job. From any thread.
    func wakeAll() { core.openLobby() }
}

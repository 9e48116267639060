internal import CLibSSH
import Glibc
import Synchronization

/// The state of a `SessionLoop`. Apart from it, so that the running thread does not keep the executor alive.
final class LoopCore: Sendable {
    private typealias Job = (job: UnownedJob, executor: UnownedSerialExecutor)

    private struct State {
        var jobs: [Job] = []
        var lobby: [Job] = []
        var watcher: Job?
        var descriptor: Int32 = -1
        var deadline = ContinuousClock.now
        var wantsWrite = false
        var isLobbyOpen = false
        var isNudged = false
        var isAsleep = false
        var isClosed = false

        /// Nothing can be done before something happens.
        var isIdle: Bool {
            jobs.isEmpty && !isClosed && !(isLobbyOpen && !lobby.isEmpty) && !(isNudged && watcher != nil)
        }
    }

    private let state = Mutex(State())
    private let thread = Atomic<UInt>(0)
    private let wakeup: Int32

    init() throws(SSHError) {
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeup >= 0 else { throw .system("cannot serve a connection") }
    }

    deinit { Glibc.close(wakeup) }

    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func add(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
        change { $0.jobs.append((job, executor)) }
    }

    func park(_ job: UnownedJob, for executor: UnownedSerialExecutor, at kind: Gate.Kind) {
        change { state in
            switch kind {
            case .lobby: state.lobby.append((job, executor))
            case .watch: state.watcher = (job, executor)
            }
        }
    }

    func openLobby() { change { $0.isLobbyOpen = true } }

    func nudge() { change { $0.isNudged = true } }

    func close() { change { $0.isClosed = true } }

    func setWantsWrite(_ wantsWrite: Bool) { change { $0.wantsWrite = wantsWrite } }

    func watch(_ descriptor: Int32, until deadline: ContinuousClock.Instant) {
        change { ($0.descriptor, $0.deadline) = (descriptor, deadline) }
    }

    /// Changes the state and wakes the thread if it sleeps.
    private func change(_ body: (inout sending State) -> Void) {
        let wasAsleep = state.withLock { state in
            body(&state)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wasAsleep { eventfd_write(wakeup, 1) }
    }

    func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        let polled = UnsafeMutablePointer<pollfd>.allocate(capacity: 2)
        defer { polled.deallocate() }
        polled[0] = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        while runJobs() { wait(polled) }
    }

    /// Runs the jobs there are; false once there will be no more.
    private func runJobs() -> Bool {
        let (jobs, isClosed) = state.withLock { state in
            defer { state.jobs = [] }
            return (state.jobs, state.isClosed)
        }
        for (job, executor) in jobs { job.runSynchronously(on: executor) }
        return !jobs.isEmpty || !isClosed
    }

    /// Polls, sleeping only if there is nothing to do, and lets go those whose time has come.
    private func wait(_ polled: UnsafeMutablePointer<pollfd>) {
        let timeout: Int32 = state.withLock { state in
            state.isAsleep = state.isIdle
            guard state.watcher != nil else {
                polled[1] = pollfd(fd: -1, events: 0, revents: 0)
                return state.isAsleep ? -1 : 0
            }
            let events = Int16(POLLIN) | (state.wantsWrite ? Int16(POLLOUT) : 0)
            polled[1] = pollfd(fd: state.descriptor, events: events, revents: 0)
            return state.isAsleep ? Self.milliseconds(until: state.deadline) : 0
        }
        poll(polled, 2, timeout)
        if polled[0].revents != 0 {
            var count: eventfd_t = 0
            eventfd_read(wakeup, &count)
        }
        let isReady = polled[1].revents != 0
        state.withLock { Self.release(&$0, isReady) }
    }

    /// Rounded up, so that the loop does not spin through a deadline's last millisecond.
    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = (deadline - .now).components
        return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }

    private static func release(_ state: inout sending State, _ isReady: Bool) {
        state.isAsleep = false
        if let watcher = state.watcher, isReady || state.isNudged || state.deadline <= .now {
            state.jobs.append(watcher)
            state.watcher = nil
            state.isNudged = false
        }
        if state.isLobbyOpen {
            state.jobs += state.lobby
            state.lobby = []
            state.isLobbyOpen = false
        }
    }
}

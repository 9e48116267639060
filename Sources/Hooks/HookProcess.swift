import Glibc

/// Watches a hook from its start to the end of all that it started in its process group.
struct HookProcess: Sendable {
    /// What is waited for more output of a hook that has ended, since what it started may still print.
    static let settling = Duration.milliseconds(500)

    let hook: Hook
    let arguments: [String]
    let environment: [String]
    let directory: String
    let input: [UInt8]
    let timeLimit: Duration
    /// What a stopped hook gets to clean up, from `SIGTERM` to `SIGKILL`.
    let grace: Duration

    /// Runs the hook. Blocks the thread for as long.
    ///
    /// When this returns, nothing of its process group is left: at the time limit, or told to `stop`, the group gets
    /// `SIGTERM` and after the grace period `SIGKILL`; one that ended by itself leaves nothing in the background either,
    /// unless in a session of its own.
    ///
    /// - Parameter output: called with what it prints, in pieces.
    /// - Throws: `HookError` when it cannot be started.
    func run(stop: StopSignal, output: ([UInt8]) -> Void) throws(HookError) -> HookEnding {
        let child = try HookChild(
            hook, arguments: arguments, environment: environment, directory: directory, input: input)
        defer {
            close(child.output)
            close(child.ending)
        }
        var watch = Watch(child: child, stop: stop, timeLimit: timeLimit, grace: grace)
        watch.untilOver(output)
        // Before its status is taken: until then, no other group can have its number.
        kill(-child.process, SIGKILL)
        let status = child.wait()
        return watch.interruption ?? HookEnding(waitStatus: status)
    }
}

/// The state of watching one hook.
private struct Watch {
    let child: HookChild
    let stop: StopSignal
    let grace: Duration
    private var deadline: ContinuousClock.Instant
    private var hasEnded = false
    private var hasOutput = true
    /// Why the hook was told to stop; nil when it was not.
    private(set) var interruption: HookEnding?

    init(child: HookChild, stop: StopSignal, timeLimit: Duration, grace: Duration) {
        self.child = child
        self.stop = stop
        self.grace = grace
        deadline = .now + timeLimit
    }

    mutating func untilOver(_ output: ([UInt8]) -> Void) {
        while !(hasEnded && !hasOutput) {
            let ready = wait()
            if ready.output { read(output) }
            if ready.ending { noteEnding() }
            if ready.stop { interrupt(.cancelled) }
            guard ContinuousClock.now >= deadline else { continue }
            // One that ended long enough ago, or was asked to end: what is left of its group holds us up no longer.
            if hasEnded || interruption != nil { return }
            interrupt(.timedOut)
        }
    }

    private mutating func interrupt(_ reason: HookEnding) {
        // One that has ended has a result. What it left in the background gets no time.
        guard !hasEnded else { return deadline = .now }
        interruption = reason
        deadline = .now + grace
        kill(-child.process, SIGTERM)
    }

    private mutating func noteEnding() {
        hasEnded = true
        if interruption == nil { deadline = .now + HookProcess.settling }
    }

    private mutating func read(_ output: ([UInt8]) -> Void) {
        let bytes = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, filled in
            filled = max(0, Glibc.read(child.output, buffer.baseAddress, buffer.count))
        }
        if bytes.isEmpty { hasOutput = false } else { output(bytes) }
    }

    /// Waits for an event or the deadline. What has happened already is not waited for again.
    private func wait() -> (output: Bool, ending: Bool, stop: Bool) {
        let isStoppable = interruption == nil
        var events = [
            pollfd(fd: hasOutput ? child.output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hasEnded ? -1 : child.ending, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isStoppable ? stop.descriptor : -1, events: Int16(POLLIN), revents: 0),
        ]
        let left = max(.zero, deadline - .now) / .milliseconds(1)
        guard poll(&events, nfds_t(events.count), Int32(min(left + 1, 86_400_000))) > 0 else {
            return (false, false, false)
        }
        return (events[0].revents != 0, events[1].revents != 0, events[2].revents != 0)
    }
}

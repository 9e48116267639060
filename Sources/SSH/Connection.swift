import Glibc
import Logging

/// One client, from accept to hang-up. The actor's executor is a thread of its own that polls the client's socket, so
/// that libssh is used by that thread alone.
actor Connection {
    /// What the client may do by now.
    enum Phase { case keyExchange, authentication, open, ended }

    private let loop: SessionLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let session: Session
    let peer: Peer
    let limits: SSHLimits
    let logger: Logger
    var phase = Phase.keyExchange
    var isDraining = false
    /// Messages of a client that has not logged in, in their order.
    var requests: [AuthenticationRequest] = []
    var silence: SilenceWatch
    /// The last request refused, by which one that libssh drops can be refused, too.
    var refusable: AuthenticationRequest?
    var failures = 0
    /// The tasks that serve channels, by channel ID.
    var tasks: [Int: Task<Void, Never>] = [:]
    var hasServed = false
    private var endReason = ""

    private let started = ContinuousClock.now
    private var lastInbound = ContinuousClock.now
    private var lastBusy = ContinuousClock.now
    private var missedKeepAlives = 0
    private var seenBytes: UInt64 = 0

    /// Takes over the connected, non-blocking socket `descriptor`.
    ///
    /// - Throws: when there is no memory or descriptor left; the socket is closed then.
    init(_ descriptor: Int32, from peer: Peer, bind: ServerBind, limits: SSHLimits, logger: Logger) throws(SSHError) {
        do throws(SSHError) {
            loop = try SessionLoop()
        } catch {
            close(descriptor)
            throw error
        }
        session = try Session(descriptor, of: bind, limits: limits)
        self.peer = peer
        self.limits = limits
        self.logger = logger
        silence = SilenceWatch(limit: limits.authenticationStall)
    }

    /// Serves the client until it has left or was disconnected, and every channel's task has ended.
    ///
    /// - Parameter loggedIn: called once the client has proved who it is.
    func run<Service: SSHService>(_ service: Service, loggedIn: @Sendable () -> Void) async {
        let pumping = Task { await pump() }
        if let login = await authenticate(service) {
            loggedIn()
            await serveChannels(service, as: login)
        }
        end("the server is done")
        await pumping.value
    }

    /// Ends the connection: the client, if it is still there, sees `message`, and every channel's task is cancelled.
    func disconnect(_ message: String) { end(message) }

    /// Refuses new channels and ends the connection once no request is running.
    func drain() {
        guard phase == .open else { return disconnect("the server is shutting down") }
        isDraining = true
        session.isDraining = true
        loop.nudge()
    }

    /// Suspends until something has happened on the connection.
    ///
    /// - Throws: when it has ended or the task is cancelled.
    func wait() async throws(SSHError) {
        if phase != .ended {
            // The closure uses `self`, or it would run on the cooperative pool.
            await withTaskCancellationHandler {
                await loop.wait()
            } onCancel: { [loop] in
                loop.wakeAll()
            }
        }
        if phase == .ended || Task.isCancelled { throw lost }
    }

    /// Why a channel can be used no longer.
    var lost: SSHError { phase == .ended ? SSHError("connection lost: \(endReason)") : .cancelled }

    /// Wakes whoever waits for something that libssh may have done by the way: it polls inside writes, too, and takes
    /// in traffic that the next poll would not see. To be called after everything that was done with the session.
    func settle() {
        guard phase != .ended else { return }
        guard session.isOpen else { return end(session.failure) }
        loop.setWantsWrite(session.isWritePending)
        guard session.bytesReceived != seenBytes else { return }
        seenBytes = session.bytesReceived
        lastInbound = .now
        missedKeepAlives = 0
        loop.wakeAll()
    }

    /// Wakes every task of the connection to look again.
    nonisolated func wakeAll() { loop.wakeAll() }

    /// The client is at work: what the idle limits count from. Has the deadlines reckoned anew.
    func noteActivity() {
        lastBusy = .now
        loop.nudge()
    }

    private func end(_ reason: String) {
        guard phase != .ended else { return }
        session.disconnect(reason)
        phase = .ended
        endReason = reason
        requests = []
        refusable = nil
        for task in tasks.values { task.cancel() }
        logger.debug("connection ended", metadata: ["reason": "\(reason)"])
        loop.wakeAll()
        loop.nudge()
    }

    /// Handles the client's traffic and the deadlines until the connection ends.
    private func pump() async {
        while phase != .ended {
            advance()
            settle()
            let now = ContinuousClock.now
            if !tasks.isEmpty { lastBusy = now }
            let deadline = enforceLimits(now)
            loop.wakeAll()
            guard phase != .ended else { return }
            if !hasServed { session.quickAcknowledge() }
            await loop.ready(session.descriptor, until: deadline)
        }
    }

    private func advance() {
        if phase == .keyExchange {
            switch session.exchangeKeys() {
            case .pending: return
            case .failed: return end("key exchange failed: \(session.failure)")
            case .done: phase = .authentication
            }
        }
        if phase == .authentication {
            collectRequests()
        } else {
            session.advance()
        }
    }

    /// Ends the connection if a limit has passed; returns when to look again.
    private func enforceLimits(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        switch phase {
        case .keyExchange, .authentication:
            let deadline = started + limits.loginGrace
            if now >= deadline { disconnect("login took longer than \(limits.loginGrace)") }
            return min(deadline, enforceAnswers(now))
        case .open:
            if session.channels.values.contains(where: \.hasOverflowed) {
                disconnect("the client sends more than its window allows")
            }
            let closing = session.channels.values.compactMap(\.closeDeadline).filter { $0 > now }.min()
            return min(enforceIdleLimit(now), enforceKeepAlive(now), closing ?? now + .seconds(3600))
        case .ended:
            return now
        }
    }

    private func enforceIdleLimit(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        guard tasks.isEmpty else { return now + .seconds(3600) }
        let limit = hasServed ? limits.idleConnection : limits.noChannel
        // While draining a client whose channel has just ended is let to hang up by itself: it would report a
        // disconnect as a failure.
        let deadline = lastBusy + (isDraining ? min(limit, hasServed ? .seconds(1) : .zero) : limit)
        guard now >= deadline, phase == .open else { return deadline }
        let idle = hasServed ? "no command for \(limit)" : "no command within \(limit) of login"
        disconnect(isDraining ? "the server is shutting down" : idle)
        return deadline
    }

    private func enforceKeepAlive(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let deadline = lastInbound + limits.keepAliveInterval * (missedKeepAlives + 1)
        guard now >= deadline, phase == .open else { return deadline }
        if missedKeepAlives >= limits.maxMissedKeepAlives {
            disconnect("the client does not answer")
        } else {
            missedKeepAlives += 1
            session.sendKeepAlive()
            settle()
        }
        return deadline + limits.keepAliveInterval
    }
}

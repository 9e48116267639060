import Glibc
import Logging
import Threads

/// What is done to the nginx in a folder.
struct NginxControl: Sendable {
    /// How long nginx may take until a configuration is in force, or until it has started.
    static let patience = Duration.seconds(5)

    let folder: NginxFolder
    let listening: NginxListening
    let logger: Logger

    var processes: NginxProcesses { NginxProcesses(folder: folder) }
    private var socket: ControlSocket { ControlSocket(path: folder.controlSocket) }

    /// The mark of the configuration in force; nil when nginx does not answer.
    func mark() async -> String? { await onOwnThread { socket.mark() } }

    /// Returns once no request takes a former configuration any more.
    func reload(_ master: pid_t, _ mark: String) async throws(RoutingError) {
        let former = processes.workers(of: master)
        let errors = ErrorLog(path: folder.errorLog)
        kill(master, SIGHUP)
        // New workers accept before the former ones stop to: only once these have, everything takes the new routes.
        let isDone = await Self.eventually(within: Self.patience) {
            !former.contains(where: processes.takesRequests) && socket.mark() == mark
        }
        if !isDone { throw translated(errors.problem(), "reload nginx") }
    }

    /// Ends the oldest of the workers that earlier changes have replaced and that still hold connections, but for `count`:
    /// each takes memory.
    func endRetired(of master: pid_t, beyond count: Int) async {
        let retired = await onOwnThread { processes.retired(of: master) }
        for worker in retired.dropLast(count) {
            logger.warning("ending a replaced worker with its connections", metadata: ["pid": "\(worker)"])
            kill(worker, SIGTERM)
        }
    }

    /// Whether ports are taken by us: by a master, or by workers of one that was killed.
    var hasPorts: Bool { processes.master != nil || processes.strays().contains(where: processes.takesRequests) }

    func launch(_ program: NginxProgram, _ mark: String) async throws(RoutingError) {
        // Workers of a master that was killed keep their ports until they are told to end.
        let strays = processes.strays()
        for stray in strays {
            logger.warning("ending a worker without a master", metadata: ["pid": "\(stray)"])
            kill(stray, SIGQUIT)
        }
        _ = await Self.eventually(within: Self.patience) { !strays.contains(where: processes.takesRequests) }
        for path in [folder.controlSocket, folder.siteSocket, folder.pidFile] { unlink(path) }
        let errors = ErrorLog(path: folder.errorLog)
        do {
            try await program.launch(folder)
        } catch {
            throw translated(error.reason, error.operation)
        }
        if !(await Self.eventually(within: Self.patience) { socket.mark() == mark }) {
            throw translated(errors.problem(), "start nginx")
        }
    }

    func stop(drainSeconds: Int) async throws(RoutingError) {
        guard let master = processes.master else { return }
        kill(master, SIGQUIT)
        if await Self.eventually(within: .seconds(drainSeconds + 5), { processes.master == nil }) { return }
        kill(master, SIGTERM)
        if await Self.eventually(within: Self.patience, { processes.master == nil }) { return }
        throw RoutingError(operation: "stop nginx", reason: "process \(master) does not end")
    }

    /// Asks `condition` every 5 ms, on a thread of its own, until it holds; false when it does not within `limit`.
    private static func eventually(within limit: Duration, _ condition: @escaping @Sendable () -> Bool) async -> Bool {
        await onOwnThread {
            let deadline = ContinuousClock.now + limit
            while !condition() {
                if ContinuousClock.now >= deadline { return false }
                usleep(5000)
            }
            return true
        }
    }

    private func translated(_ problem: String?, _ operation: String) -> RoutingError {
        guard let problem else {
            let seconds = Self.patience.components.seconds
            return RoutingError(operation: operation, reason: "it gave no sign within \(seconds) s; see its error.log")
        }
        guard problem.hasPrefix("bind()"), let port = Self.port(in: problem) else {
            return RoutingError(operation: operation, reason: problem)
        }
        let setting = port == listening.tlsPort ? "MARTLET_HTTPS_PORT" : "MARTLET_HTTP_PORT"
        let reason =
            if problem.contains("(98:") {
                "address already in use; stop the other program or set \(setting)"
            } else if problem.contains("(13:") {
                "permission denied; run as root or set \(setting) to 1024 or above"
            } else {
                problem
            }
        return RoutingError(operation: "listen on port \(port)", reason: reason)
    }

    /// That of `bind() to 127.0.0.1:80 failed (98: Address already in use)`.
    private static func port(in problem: String) -> Int? {
        problem.split(separator: " ").dropFirst(2).first?.split(separator: ":").last.flatMap { Int($0) }
    }
}

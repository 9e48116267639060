import FoundationEssentials
import Glibc
package import Logging
import Threads

/// A private nginx in a folder of its own: it outlives us, and is adopted when we come back.
package actor NginxProxy {
    /// How long nginx may take until a configuration is in force, or until it has started.
    private static let patience = Duration.seconds(5)
    private static let logLimit = 64 << 20

    private let directory: String
    private let address: String
    private let port: Int
    private let drainSeconds: Int
    private let logger: Logger
    /// The change that was asked for last; the next one waits for it.
    private var last: Task<Result<Void, RoutingError>, Never>?

    /// - Parameters:
    ///   - directory: for its configuration, logs and temporary files; made if need be.
    ///   - listenAddress: an IP address of this machine, or `0.0.0.0` for all.
    ///   - drainSeconds: how long requests and websockets may go on in a worker that a change has replaced.
    package init(directory: String, listenAddress: String, port: Int, drainSeconds: Int, logger: Logger) {
        self.directory = directory
        self.address = listenAddress
        self.port = port
        self.drainSeconds = drainSeconds
        self.logger = logger
    }

    /// Whether our nginx runs.
    package nonisolated var isRunning: Bool {
        guard let folder = try? NginxFolder(directory) else { return false }
        return NginxProcesses(folder: folder).master != nil
    }

    /// Adopts the nginx that runs in the folder, or starts one, with the routes that were applied last.
    ///
    /// - Throws: `RoutingError`, among others when nginx is not installed or the port is in use.
    package func start() async throws(RoutingError) {
        try await inTurn { [self] () async throws(RoutingError) in
            try await bringInForce(storedRoutes(NginxFolder(directory)))
        }
    }

    /// Makes `routes` the only ones, and returns once no request takes former ones any more; requests that are being
    /// answered go on. Does nothing when they are in force already; starts nginx when it is gone.
    ///
    /// - Throws: `RoutingError`; the former routes stay in force.
    package func apply(_ routes: [Route]) async throws(RoutingError) {
        try await inTurn { [self] () async throws(RoutingError) in try await bringInForce(routes) }
    }

    /// Ends our nginx once the requests that it holds are answered, at the latest after the drain time. Does nothing
    /// when it does not run.
    package func stop() async throws(RoutingError) {
        try await inTurn { [self] () async throws(RoutingError) in
            let processes = NginxProcesses(folder: try NginxFolder(directory))
            guard let master = processes.master else { return }
            kill(master, SIGQUIT)
            if await Self.eventually(within: .seconds(drainSeconds + 5), { processes.master == nil }) { return }
            kill(master, SIGTERM)
            if await Self.eventually(within: Self.patience, { processes.master == nil }) { return }
            throw RoutingError(operation: "stop nginx", reason: "process \(master) does not end")
        }
    }

    /// Runs one change after the other, to its end even if the caller is cancelled.
    private func inTurn(_ change: @escaping @Sendable () async throws(RoutingError) -> Void) async throws(RoutingError)
    {
        let former = last
        let task = Task { () async -> Result<Void, RoutingError> in
            _ = await former?.value
            do throws(RoutingError) {
                return .success(try await change())
            } catch {
                return .failure(error)
            }
        }
        last = task
        try await task.value.get()
    }

    private func bringInForce(_ routes: [Route]) async throws(RoutingError) {
        try Self.check(routes, address)
        let folder = try NginxFolder(directory)
        let configuration = NginxConfiguration(
            folder: folder, address: address, port: port, drainSeconds: drainSeconds, routes: routes)
        let master = NginxProcesses(folder: folder).master
        let hasRotated = folder.rotateLogs(beyond: Self.logLimit)
        if master != nil, !hasRotated, await mark(folder) == configuration.mark { return }
        warnOfClosedSites(routes, folder)
        let program = try NginxProgram()
        try write(configuration.text, to: folder.candidate)
        try await program.check(folder.candidate, folder)
        guard rename(folder.candidate, folder.configuration) == 0 else { throw unwritable(folder.configuration) }
        if let master {
            try await reload(master, configuration)
        } else {
            try await launch(program, configuration)
        }
        try store(routes, folder)
        logger.info("routes in force", metadata: ["apps": "\(routes.count)", "configuration": "\(configuration.mark)"])
    }

    /// Tells of sites that nginx's workers, which are another user than we, cannot serve: one must not stop all others.
    private func warnOfClosedSites(_ routes: [Route], _ folder: NginxFolder) {
        guard let user = folder.user else { return }
        for route in routes {
            guard let site = route.site, !NginxFolder.isOpen(site.root) else { continue }
            logger.error(
                "nginx cannot enter the folder of a site",
                metadata: ["app": "\(route.app)", "path": "\(site.root)", "user": "\(user)"])
        }
    }

    private func reload(_ master: pid_t, _ configuration: NginxConfiguration) async throws(RoutingError) {
        let processes = NginxProcesses(folder: configuration.folder)
        let former = processes.workers(of: master)
        let errors = ErrorLog(path: configuration.folder.errorLog)
        let control = ControlSocket(path: configuration.folder.controlSocket)
        kill(master, SIGHUP)
        // New workers accept before the former ones stop to: only once these have, everything takes the new routes.
        let isDone = await Self.eventually(within: Self.patience) { [mark = configuration.mark] in
            !former.contains(where: processes.takesRequests) && control.mark() == mark
        }
        if !isDone { throw translated(errors.problem(), "reload nginx") }
    }

    private func launch(_ program: NginxProgram, _ configuration: NginxConfiguration) async throws(RoutingError) {
        let folder = configuration.folder
        // Workers of a master that was killed keep the port until they are told to end.
        for stray in NginxProcesses(folder: folder).strays() {
            logger.warning("ending a worker without a master", metadata: ["pid": "\(stray)"])
            kill(stray, SIGQUIT)
        }
        unlink(folder.controlSocket)
        unlink(folder.pidFile)
        let errors = ErrorLog(path: folder.errorLog)
        do {
            try await program.launch(folder)
        } catch {
            throw translated(error.reason, error.operation)
        }
        let control = ControlSocket(path: folder.controlSocket)
        let isUp = await Self.eventually(within: Self.patience) { [mark = configuration.mark] in control.mark() == mark
        }
        if !isUp { throw translated(errors.problem(), "start nginx") }
        logger.notice("started nginx", metadata: ["address": "\(address)", "port": "\(port)"])
    }

    private func mark(_ folder: NginxFolder) async -> String? {
        await onOwnThread { ControlSocket(path: folder.controlSocket).mark() }
    }

    /// Asks `condition` every 10 ms, on a thread of its own, until it holds; false when it does not within `limit`.
    private static func eventually(within limit: Duration, _ condition: @escaping @Sendable () -> Bool) async -> Bool {
        await onOwnThread {
            let deadline = ContinuousClock.now + limit
            while !condition() {
                if ContinuousClock.now >= deadline { return false }
                usleep(10_000)
            }
            return true
        }
    }

    /// nginx only warns of two servers with one name, and then ignores the second.
    private static func check(_ routes: [Route], _ address: String) throws(RoutingError) {
        var owners: [String: String] = [:]
        var apps: Set<String> = []
        for route in routes {
            try route.check()
            guard apps.insert(route.app).inserted else {
                throw RoutingError(operation: "route app '\(route.app)'", reason: "it is routed twice")
            }
            for host in route.hosts {
                if let owner = owners.updateValue(route.app, forKey: host) {
                    throw RoutingError(
                        operation: "route app '\(route.app)'", reason: "'\(host)' leads to app '\(owner)' already")
                }
            }
        }
        guard address.utf8.allSatisfy({ (48...58).contains($0) || (97...102).contains($0) || $0 == 46 }),
            !address.isEmpty
        else {
            throw RoutingError(
                operation: "listen on '\(address)'", reason: "it is not an IP address; set MARTLET_HTTP_HOST to one")
        }
    }

    private func translated(_ problem: String?, _ operation: String) -> RoutingError {
        guard let problem else {
            return RoutingError(
                operation: operation,
                reason: "it gave no sign within \(Self.patience.components.seconds) s; see its error.log")
        }
        let listening = "listen on port \(port)"
        if problem.contains("(98:") {
            return RoutingError(
                operation: listening, reason: "address already in use; stop the other program or set MARTLET_HTTP_PORT")
        }
        if problem.hasPrefix("bind()"), problem.contains("(13:") {
            return RoutingError(
                operation: listening, reason: "permission denied; run as root or set MARTLET_HTTP_PORT to 1024 or above"
            )
        }
        return RoutingError(operation: operation, reason: problem)
    }

    /// The routes that were in force last; none, told to the log, when the file cannot be read.
    private func storedRoutes(_ folder: NginxFolder) -> [Route] {
        guard FileManager.default.fileExists(atPath: folder.routes) else { return [] }
        do {
            return try JSONDecoder().decode([Route].self, from: Data(contentsOf: URL(filePath: folder.routes)))
        } catch {
            logger.error("cannot read the stored routes", metadata: ["path": "\(folder.routes)", "error": "\(error)"])
            return []
        }
    }

    private func store(_ routes: [Route], _ folder: NginxFolder) throws(RoutingError) {
        do {
            try JSONEncoder().encode(routes).write(to: URL(filePath: folder.routes), options: .atomic)
        } catch {
            throw unwritable(folder.routes)
        }
    }

    private func write(_ text: String, to path: String) throws(RoutingError) {
        do { try Data(text.utf8).write(to: URL(filePath: path)) } catch { throw unwritable(path) }
    }

    private func unwritable(_ path: String) -> RoutingError {
        RoutingError(operation: "write '\(path)'", reason: String(cString: strerror(errno)).lowercased())
    }
}

import FoundationEssentials
import Glibc
package import Logging
import Platform
import Threads

/// A private nginx in a folder of its own: it outlives us, and is adopted when we come back.
package actor NginxProxy {
    private static let logLimit = 64 << 20

    private let directory: String
    private let listening: NginxListening
    private let drainSeconds: Int
    private let mostRetired: Int
    private let logger: Logger
    /// The change that was asked for last; the next one waits for it.
    private var last: Task<Result<[RoutingProblem], RoutingError>, Never>?
    private var certificates = CertificateFiles()
    private var authenticationHosts = AuthenticationHosts()
    private var streamModule: StreamModule?
    /// What nginx did not take, and why: it need not be asked again.
    private var refused: [Route: String] = [:]
    private var known: Set<RoutingProblem> = []
    /// That of the configuration in force; nil while nobody knows.
    private var shape: String?
    /// What is written down as in force; nil while nobody knows.
    private var lastStored: StoredRoutes?

    /// - Parameters:
    ///   - directory: for its configuration, logs and temporary files; made if need be.
    ///   - listenAddress: an IP address of this machine, or `0.0.0.0` for all.
    ///   - tlsPort: where TLS is taken as soon as an endpoint has a certificate; nil for nowhere.
    ///   - drainSeconds: how long requests and websockets may go on once nginx is asked to stop.
    ///   - mostRetired: how many workers that changes have replaced may go on for connections that last, a day at most;
    ///     beyond, the oldest ones end.
    package init(
        directory: String, listenAddress: String, port: Int, tlsPort: Int? = nil, drainSeconds: Int,
        mostRetired: Int = 64, logger: Logger
    ) {
        self.directory = directory
        self.listening = NginxListening(address: listenAddress, port: port, tlsPort: tlsPort)
        self.drainSeconds = drainSeconds
        self.mostRetired = mostRetired
        self.logger = logger
    }

    /// Whether our nginx runs.
    package nonisolated var isRunning: Bool {
        guard let folder = try? NginxFolder(directory) else { return false }
        return NginxProcesses(folder: folder).master != nil
    }

    /// For its configuration, logs and temporary files.
    nonisolated var storage: String { directory }

    /// The folder whose files `.well-known/acme-challenge/TOKEN` answer for every host on the plain port, as lego and
    /// others take it for a webroot. They must be readable for all. Made if need be.
    ///
    /// - Throws: `RoutingError` when it cannot be made.
    package nonisolated var challengeFolder: String {
        get throws(RoutingError) { try NginxFolder(directory).challenges }
    }

    /// Adopts the nginx that runs in the folder, or starts one, with the routes that were applied last.
    ///
    /// - Throws: `RoutingError`, among others when nginx is not installed or the port is in use.
    package func start() async throws(RoutingError) {
        _ = try await inTurn { [self] () async throws(RoutingError) in
            let folder = try NginxFolder(directory)
            if let stored = StoredRoutes(folder) { return try await bringInForce(stored.routes, stored.streams) }
            logger.error("cannot read the stored routes", metadata: ["path": "\(folder.routes)"])
            // Better those that nobody knows any more than none.
            return NginxProcesses(folder: folder).master == nil ? try await bringInForce([], []) : []
        }
    }

    /// Makes `routes` and `streams` the only ones, and returns once no request takes former ones any more; requests
    /// that are being answered go on. Does nothing when they are in force already; starts nginx when it is gone.
    ///
    /// - Returns: which apps are not routed as was asked, and why. Where it can be, they are answered with 503; never
    ///   without the visitors, judges or snippet that they should have. All others are as they should be.
    /// - Throws: `RoutingError`; the former routes stay in force.
    @discardableResult
    package func apply(_ routes: [Route], streams: [StreamRoute] = []) async throws(RoutingError) -> [RoutingProblem] {
        try await inTurn { [self] () async throws(RoutingError) in
            try await bringInForce(routes, streams)
        }
    }

    /// Lets nginx judge a route by itself, without using it: such as one with a new snippet, before it is kept. Other
    /// processes may be at work in the folder meanwhile.
    ///
    /// - Throws: `RoutingError` with what is wrong.
    package func check(_ route: Route) async throws(RoutingError) {
        try route.check()
        let folder = try NginxFolder(directory)
        let file = "\(folder.configuration).\(UUID().uuidString)"
        defer { unlink(file) }
        try configuration(folder, [NginxApp(route: route)], [], .missing).write(to: file)
        try await NginxProgram().check(file, folder)
    }

    /// Ends our nginx once the requests that it holds are answered, at the latest after the drain time. Does nothing
    /// when it does not run.
    package func stop() async throws(RoutingError) {
        _ = try await inTurn { [self] () async throws(RoutingError) in
            let folder = try NginxFolder(directory)
            try await NginxControl(folder: folder, listening: listening, logger: logger)
                .stop(drainSeconds: drainSeconds)
            return []
        }
    }

    /// Runs one change after the other, to its end even if the caller is cancelled.
    private func inTurn(
        _ change: @escaping @Sendable () async throws(RoutingError) -> [RoutingProblem]
    ) async throws(RoutingError) -> [RoutingProblem] {
        let former = last
        let task = Task { () async -> Result<[RoutingProblem], RoutingError> in
            _ = await former?.value
            do throws(RoutingError) {
                return .success(try await change())
            } catch {
                return .failure(error)
            }
        }
        last = task
        return try await task.value.get()
    }

    private func bringInForce(
        _ routes: [Route], _ streams: [StreamRoute]
    ) async throws(RoutingError) -> [RoutingProblem] {
        let begin = ContinuousClock.now
        try checkAddress()
        let folder = try NginxFolder(directory)
        let control = NginxControl(folder: folder, listening: listening, logger: logger)
        let program = try NginxProgram()
        let master = control.processes.master
        var admission = await admitted(routes, streams, folder)
        let module = await filterStreams(&admission, program, folder, hasPorts: control.hasPorts)
        var configuration = configuration(folder, admission.apps, admission.streams, module)
        let hasRotated = folder.rotateLogs(beyond: Self.logLimit)
        if master != nil, !hasRotated, await control.mark() == configuration.mark {
            // A daemon that was killed within a change has not written down what it brought in force.
            return try store(routes, streams, admission, folder)
        }
        // New addresses of processes are nothing that nginx could refuse, and asking it takes a third of the time.
        if master != nil, configuration.shape == shape {
            try configuration.writeCandidate()
        } else {
            configuration = try await accepted(configuration, &admission, module, program)
        }
        shape = nil
        guard rename(folder.candidate, folder.configuration) == 0 else {
            throw RoutingError(
                operation: "write '\(folder.configuration)'", reason: String(cString: strerror(errno)).lowercased())
        }
        if let master {
            await control.endRetired(of: master, beyond: mostRetired)
            try await control.reload(master, configuration.mark)
        } else {
            try await control.launch(program, configuration.mark)
            logger.notice("started nginx", metadata: ["address": "\(listening.address)", "port": "\(listening.port)"])
        }
        shape = configuration.shape
        let problems = try store(routes, streams, admission, folder)
        ServedFile.prune(folder, keeping: configuration.files)
        logger.info(
            "routes in force",
            metadata: [
                "apps": "\(routes.count)", "configuration": "\(configuration.mark)",
                "took": "\(ContinuousClock.now - begin)",
            ])
        return problems
    }

    /// Writes down what is in force, for commands and for the daemon after this one.
    private func store(
        _ routes: [Route], _ streams: [StreamRoute], _ admission: Admission, _ folder: NginxFolder
    ) throws(RoutingError) -> [RoutingProblem] {
        let new = StoredRoutes(
            routes: routes, streams: streams, open: admission.streams, problems: admission.problems)
        if new != lastStored { try new.write(folder) }
        lastStored = new
        return tell(admission.problems)
    }

    /// What may stand side by side, with all that was found out about it.
    private func admitted(_ routes: [Route], _ streams: [StreamRoute], _ folder: NginxFolder) async -> Admission {
        var ports = [listening.port]
        if let port = listening.tlsPort { ports.append(port) }
        var admission = Admission(routes, streams, ports: ports)
        for app in admission.apps {
            if let site = app.route.site, folder.user != nil, !NginxFolder.isOpen(site.root) {
                admission.warn(app.name, "nginx's workers cannot enter the folder of its site, '\(site.root)'")
            }
        }
        if listening.tlsPort != nil { admission.filterCertificates { certificates.problem(of: $0) } }
        let hosts = Set(admission.apps.compactMap { $0.forwardURL?.host })
        if !hosts.isEmpty {
            var known = authenticationHosts
            admission.resolve(await known.addresses(of: hosts))
            authenticationHosts = known
        }
        for app in admission.apps {
            if let reason = refused[app.route] { admission.block(app.name, reason: reason) }
        }
        return admission
    }

    private func filterStreams(
        _ admission: inout Admission, _ program: NginxProgram, _ folder: NginxFolder, hasPorts: Bool
    ) async -> StreamModule {
        guard !admission.streams.isEmpty else { return .missing }
        let module: StreamModule
        if let found = streamModule { module = found } else { module = StreamModule(options: await program.options()) }
        if case .missing = module {
            admission.filterStreams { _ in StreamModule.reason }
        } else {
            streamModule = module
            let ours = hasPorts ? StoredRoutes(folder)?.open ?? [] : []
            // Only what nginx has: a port of another program, once taken for ours, would not be looked at again, and nginx
            // would refuse every change from then on.
            let places = Set(ours.map { "\($0.transport.rawValue) \($0.port)" })
            admission.filterStreams { [listening] in
                places.contains("\($0.transport.rawValue) \($0.port)")
                    || PortProbe.isFree($0.transport, listening.address, $0.port)
                    ? nil : "port \($0.port)/\($0.transport.rawValue) is in use by another program"
            }
        }
        return module
    }

    private func configuration(
        _ folder: NginxFolder, _ apps: [NginxApp], _ streams: [StreamRoute], _ module: StreamModule
    ) -> NginxConfiguration {
        NginxConfiguration(
            folder, listening, apps, NginxStreams(routes: streams, module: module, listening: listening), certificates)
    }

    /// Writes `configuration`, or one without those apps that nginx does not take, as the candidate.
    private func accepted(
        _ configuration: NginxConfiguration, _ admission: inout Admission, _ module: StreamModule,
        _ program: NginxProgram
    ) async throws(RoutingError) -> NginxConfiguration {
        let folder = configuration.folder
        try configuration.writeCandidate()
        let problem: RoutingError
        do throws(RoutingError) {
            try await program.check(folder.candidate, folder)
            return configuration
        } catch {
            problem = error
        }
        let search = CulpritSearch(program: program, folder: folder) { [self] apps in
            self.configuration(folder, apps, [], module)
        }
        let culprits = try await search.run(admission.apps)
        guard !culprits.isEmpty else { throw problem }
        for culprit in culprits {
            let reason = "nginx does not take what it is told for it: \(culprit.reason)"
            if let route = admission.apps.first(where: { $0.name == culprit.app })?.route { refused[route] = reason }
            admission.block(culprit.app, reason: reason)
        }
        let rest = self.configuration(folder, admission.apps, admission.streams, module)
        try rest.writeCandidate()
        try await program.check(folder.candidate, folder)
        return rest
    }

    private func checkAddress() throws(RoutingError) {
        let address = listening.address
        guard address.utf8.allSatisfy({ (48...58).contains($0) || (97...102).contains($0) || $0 == 46 }),
            !address.isEmpty
        else {
            throw RoutingError(
                operation: "listen on '\(address)'", reason: "it is not an IP address; set MARTLET_HTTP_HOST to one")
        }
    }

    /// Logs those that are new.
    private func tell(_ problems: [RoutingProblem]) -> [RoutingProblem] {
        for problem in problems where !known.contains(problem) {
            logger.warning(
                "an app is not routed as it should be",
                metadata: ["app": "\(problem.app)", "reason": "\(problem.reason)"])
        }
        known = Set(problems)
        return problems
    }
}

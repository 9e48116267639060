import Build
import Commands
import Deploy
import Docker
import Foundation
import Git
import Hooks
package import Logging
import Pipeline
import Platform
import Postgres
import Push
import Routing
import SSH

/// The server, from its start to its end.
package struct Daemon: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until it is asked to stop.
    ///
    /// - Throws: why it cannot start: each error says what to do.
    package func run() async throws {
        let stopRequests = Signals.stopRequests()
        let folder = try DataFolder(configuration.data)
        try folder.lock()
        let listener = try await listen(folder)
        let database = try await Database.open(configuration, folder, logger)
        let docker = DockerClient(socket: configuration.dockerSocket, logger: logger)
        let result: Result<Void, any Error>
        do {
            result = .success(try await serve(listener, database, docker, folder, until: stopRequests))
        } catch {
            result = .failure(error)
        }
        await database.close()
        try await docker.shutdown()
        try result.get()
    }

    private func serve(
        _ listener: Listener, _ database: DatabasePool, _ docker: DockerClient, _ folder: DataFolder,
        until stopRequests: AsyncStream<Void>
    ) async throws {
        try await docker.ping()
        let proxy = configuration.proxy(folder, logger)
        let certificates = CertificateFolder(folder.certificates)
        let feed = BuildFeed(database)
        let wakes = Wakes()
        let services = try await services(database, feed, docker, proxy, certificates, folder, wakes)
        let keeper = CertificateKeeper(
            configuration, folder, database, certificates: certificates, webroot: try proxy.challengeFolder,
            logger: logger, changed: services.routes.refresh)
        await keeper.prepare()
        try await proxy.start()
        let pipeline = Pipeline(services: services, repositories: folder.repositories)
        let repairs = Repairs(
            reconciler: Reconciler(
                services: services, repositories: folder.repositories,
                appFolders: folder.buildCaches.appFolders + [folder.sites]),
            pipeline: pipeline, health: HealthWatch(services: services), database: database, feed: feed,
            deployer: services.deployer, proxy: proxy,
            startDatabase: { [configuration, logger] in _ = try await configuration.databaseURL(folder, logger) },
            wakes: wakes, logger: logger)
        let garbage = Garbage(
            services: services, repositories: folder.repositories, sites: folder.sites, bounds: configuration.garbage)
        let rounds = GarbageRounds(garbage: garbage, database: database, feed: feed, logger: logger)
        let worker = try await worker(database, feed, docker, folder, certificates)
        try await Recovery(services: services, repositories: folder.repositories).perform()
        try await worker?.register()
        let notices = Notices()
        let sessions = SSHSessions(
            database: database, push: push(database, pipeline, services, notices, folder),
            services: CommandServices(configuration, folder, database, feed, certificates, logger),
            activity: Activity(),
            wakes: wakes, logger: logger)
        try folder.announceReady()
        logger.notice(
            "serving",
            metadata: [
                "ssh": "\(configuration.sshHost):\(listener.port)",
                "http": "\(configuration.httpHost):\(configuration.httpPort)",
            ])
        let isStopping = Flag()
        await withTaskGroup { group in
            group.addTask { await repairs.run() }
            group.addTask { await keeper.run() }
            group.addTask { await rounds.run() }
            // A build that nobody watches is not begun any more.
            group.addTask { await worker?.run { isStopping.value ? await !pipeline.isAwaited() : false } }
            group.addTask { await FirewallKeeper(firewall: configuration.hostFirewall, logger: logger).run() }
            group.addTask { await listener.serve(sessions) }
            for await _ in stopRequests { break }
            isStopping.raise()
            await stop(listener, pipeline, notices, sessions.activity, again: stopRequests)
            group.cancelAll()
        }
        await feed.close()
        logger.notice("stopped; apps keep running")
    }

    private func push(
        _ database: DatabasePool, _ pipeline: Pipeline, _ services: Pipeline.Services, _ notices: Notices,
        _ folder: DataFolder
    ) -> PushService {
        PushService(
            apps: AppStore(database), events: EventStore(database), pipeline: pipeline, notices: notices,
            hooks: configuration.hookRunner(folder, logger), upkeep: RepositoryUpkeep(logger: logger),
            repositories: folder.repositories,
            createOnPush: configuration.createOnPush, host: configuration.defaultHost,
            situation: { try await PushSituation.read(of: $0, commit: $1, database, services) },
            limits: configuration.push,
            agent: "martlet/\(Version.number)", logger: logger)
    }

    private func listen(_ folder: DataFolder) async throws -> Listener {
        let keys = try HostKeys.loadOrCreate(in: folder.keys)
        for key in keys {
            logger.notice("host key", metadata: ["type": "\(key.type)", "fingerprint": "\(key.fingerprint)"])
        }
        var limits = SSHLimits()
        limits.loginGrace = .seconds(configuration.loginGraceSeconds)
        limits.maxUnauthenticatedPerSource = configuration.loginsPerSource
        return try Listener(
            configuration: SSHConfiguration(host: configuration.sshHost, port: configuration.sshPort, limits: limits),
            hostKeys: keys, logger: logger)
    }

    /// What deployments work with.
    func services(
        _ database: DatabasePool, _ feed: BuildFeed, _ docker: DockerClient, _ proxy: NginxProxy,
        _ certificates: CertificateFolder, _ folder: DataFolder, _ wakes: Wakes
    ) async throws -> Pipeline.Services {
        let config = ConfigStore(database, keys: folder.secretKeys)
        return Pipeline.Services(
            database: database, config: config, feed: feed, deployer: try await deployer(database, docker, config),
            routes: configuration.routes(proxy, database, certificates, folder),
            hooks: configuration.hookRunner(folder, logger),
            isThere: { product in
                if let site = product.site {
                    return FileManager.default.fileExists(atPath: "\(folder.sites)/\(site.folder)")
                }
                return try await docker.inspectImage(product.image) != nil
            },
            configHash: { [stack = configuration.stackImage ?? ""] app in
                try await BuildSettingsStore(database).digest(of: app, and: "\(Version.number) \(stack)")
            }, times: configuration.deployTimes, address: configuration.address(certificates), wake: { wakes.send() },
            logger: logger)
    }

    private func deployer(
        _ database: DatabasePool, _ docker: DockerClient, _ config: ConfigStore
    ) async throws -> DockerDeployer {
        let processes = ProcessStore(database)
        return DockerDeployer(
            docker: docker, installation: try await Installation.id(from: database), pool: configuration.networkPool,
            limits: configuration.processLimits,
            note: { try await processes.setContainer($0, of: $1.id) }, variables: config.variables(of:),
            host: configuration.defaultHost)
    }

    /// The daemon's own worker; nil when others build.
    private func worker(
        _ database: DatabasePool, _ feed: BuildFeed, _ docker: DockerClient, _ folder: DataFolder,
        _ certificates: CertificateFolder
    ) async throws -> BuildWorker? {
        guard configuration.builds > 0 else { return nil }
        let name = "server"
        try await WorkerStore(database).add(name)
        return try await configuration.worker(named: name, database, feed, docker, folder, certificates, logger)
    }

    /// No new connections; running pushes are told, and may end within the time for it.
    private func stop(
        _ listener: Listener, _ pipeline: Pipeline, _ notices: Notices, _ activity: Activity, again: AsyncStream<Void>
    ) async {
        logger.notice("stopping", metadata: ["wait": "\(configuration.shutdownSeconds) s at most"])
        await listener.stopAccepting()
        await notices.post("-----> The server is shutting down; this push may still end")
        await withTaskGroup { group in
            group.addTask {
                await activity.waitUntilIdle()
                await pipeline.waitUntilIdle()
            }
            group.addTask { [seconds = configuration.shutdownSeconds] in
                _ = try? await Task.sleep(for: .seconds(seconds))
            }
            group.addTask { for await _ in again { break } }
            await group.next()
            group.cancelAll()
        }
        await notices.post(" !     The server has stopped; push again when it is back")
        await pipeline.cancelAll()
        await listener.disconnectAll("the server is shutting down; try again in a minute")
    }
}

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
        let proxy = NginxProxy(
            directory: folder.nginx, listenAddress: configuration.httpHost, port: configuration.httpPort,
            drainSeconds: configuration.drainSeconds, logger: logger)
        try await proxy.start()
        let feed = BuildFeed(database)
        let services = try await services(database, feed, docker, proxy, folder)
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let pipeline = Pipeline(services: services, repositories: folder.repositories) { waker.yield() }
        let repairs = Repairs(
            reconciler: Reconciler(
                services: services, repositories: folder.repositories,
                appFolders: folder.buildCaches.appFolders + [folder.sites]),
            pipeline: pipeline,
            database: database, wakes: wakes, waker: waker, logger: logger)
        let worker = try await worker(database, feed, docker, folder)
        try await repairs.recover()
        try await worker?.register()
        let notices = Notices()
        let sessions = SSHSessions(
            database: database, push: push(database, pipeline, notices, folder),
            services: CommandServices(configuration, folder, database, feed, logger), activity: Activity(),
            logger: logger)
        try folder.announceReady()
        logger.notice(
            "serving",
            metadata: [
                "ssh": "\(configuration.sshHost):\(listener.port)",
                "http": "\(configuration.httpHost):\(configuration.httpPort)",
            ])
        await withTaskGroup { group in
            group.addTask { await repairs.run() }
            group.addTask { await worker?.run() }
            group.addTask { await FirewallKeeper(firewall: configuration.hostFirewall, logger: logger).run() }
            group.addTask { await listener.serve(sessions) }
            for await _ in stopRequests { break }
            await stop(listener, pipeline, notices, sessions.activity, again: stopRequests)
            group.cancelAll()
        }
        await feed.close()
        logger.notice("stopped; apps keep running")
    }

    private func push(
        _ database: DatabasePool, _ pipeline: Pipeline, _ notices: Notices, _ folder: DataFolder
    ) -> PushService {
        PushService(
            apps: AppStore(database), events: EventStore(database), pipeline: pipeline, notices: notices,
            hooks: configuration.hookRunner(folder, logger), upkeep: RepositoryUpkeep(logger: logger),
            repositories: folder.repositories,
            createOnPush: configuration.createOnPush, limits: configuration.push,
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

    private func services(
        _ database: DatabasePool, _ feed: BuildFeed, _ docker: DockerClient, _ proxy: NginxProxy, _ folder: DataFolder
    ) async throws -> Pipeline.Services {
        let processes = ProcessStore(database)
        let config = ConfigStore(database, keys: folder.secretKeys)
        let limits = DockerDeployer.Limits(
            memoryBytes: configuration.appMemoryMiB << 20, cpus: configuration.appCPUs,
            processes: configuration.appProcesses,
            health: .seconds(configuration.healthSeconds), stopSeconds: configuration.stopSeconds)
        let deployer = DockerDeployer(
            docker: docker, installation: try await Installation.id(from: database), pool: configuration.networkPool,
            limits: limits, processes: processes, variables: config.variables(of:), host: host)
        return Pipeline.Services(
            database: database, config: config, feed: feed, deployer: deployer,
            routes: RouteTable(proxy: proxy, processes: processes, sites: folder.sites, host: host),
            hooks: configuration.hookRunner(folder, logger),
            isThere: { product in
                if let site = product.site {
                    return FileManager.default.fileExists(atPath: "\(folder.sites)/\(site.folder)")
                }
                return try await docker.inspectImage(product.image) != nil
            },
            configHash: { [stack = configuration.stackImage ?? ""] app in
                try await BuildSettingsStore(database).digest(of: app, and: "\(Version.number) \(stack)")
            }, drainSeconds: configuration.drainSeconds, address: address, logger: logger)
    }

    /// The daemon's own worker; nil when others build.
    private func worker(
        _ database: DatabasePool, _ feed: BuildFeed, _ docker: DockerClient, _ folder: DataFolder
    ) async throws -> BuildWorker? {
        guard configuration.builds > 0 else { return nil }
        let name = "server"
        try await WorkerStore(database).add(name)
        return try await configuration.worker(named: name, database, feed, docker, folder, logger)
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

    private var host: @Sendable (AppName) -> String {
        { [domain = configuration.baseDomain] in "\($0).\(domain)" }
    }

    private var address: @Sendable (AppName) -> String { { [configuration] in configuration.address(of: $0) } }
}

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
        let services = try await services(database, docker, proxy, folder)
        let repairs = Repairs(
            reconciler: Reconciler(
                services: services, repositories: folder.repositories, contexts: folder.contexts),
            database: database, logger: logger)
        try await repairs.recover()
        let pipeline = Pipeline(services: services, slots: configuration.builds) { repairs.wake() }
        let notices = Notices()
        let sessions = SSHSessions(
            database: database, push: push(database, pipeline, notices, folder), address: address, activity: Activity(),
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
            group.addTask { await listener.serve(sessions) }
            for await _ in stopRequests { break }
            await stop(listener, pipeline, notices, sessions.activity, again: stopRequests)
            group.cancelAll()
        }
        logger.notice("stopped; apps keep running")
    }

    private func push(
        _ database: DatabasePool, _ pipeline: Pipeline, _ notices: Notices, _ folder: DataFolder
    ) -> PushService {
        PushService(
            apps: AppStore(database), events: EventStore(database), pipeline: pipeline, notices: notices,
            hooks: hookRunner(folder), upkeep: RepositoryUpkeep(logger: logger), repositories: folder.repositories,
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
        _ database: DatabasePool, _ docker: DockerClient, _ proxy: NginxProxy, _ folder: DataFolder
    ) async throws -> Pipeline.Services {
        let processes = ProcessStore(database)
        let installation = try await Installation.id(from: database)
        let builder = DockerfileBuilder(
            command: try await DockerCommand.find(), docker: docker, socket: configuration.dockerSocket,
            contexts: folder.contexts, installation: installation, timeout: .seconds(configuration.buildSeconds))
        let limits = DockerDeployer.Limits(
            memoryBytes: configuration.appMemoryMiB << 20, cpus: configuration.appCPUs,
            processes: configuration.appProcesses,
            health: .seconds(configuration.healthSeconds), stopSeconds: configuration.stopSeconds)
        let deployer = DockerDeployer(
            docker: docker, installation: installation, pool: configuration.networkPool,
            limits: limits, processes: processes, host: host)
        return Pipeline.Services(
            database: database, builder: builder, deployer: deployer,
            routes: RouteTable(proxy: proxy, processes: processes, host: host),
            hooks: hookRunner(folder), drainSeconds: configuration.drainSeconds,
            address: address, logger: logger)
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

    private func hookRunner(_ folder: DataFolder) -> HookRunner {
        HookRunner(folder: folder.hooks, timeLimit: .seconds(configuration.hookSeconds), logger: logger)
    }

    private var host: @Sendable (AppName) -> String {
        { [domain = configuration.baseDomain] in "\($0).\(domain)" }
    }

    private var address: @Sendable (AppName) -> String {
        { [configuration] in configuration.address(of: "\($0).\(configuration.baseDomain)") }
    }
}

import Commands
import Docker
import Logging
import Pipeline
import Platform
import Postgres
import Routing

/// What commands do to the machine: in the daemon, and as well in a process of their own beside it or without it.
struct Upkeep: Sendable {
    let configuration: Configuration
    let folder: DataFolder
    let database: DatabasePool
    let feed: BuildFeed
    let logger: Logger

    /// As `Garbage.collect`.
    func collect(_ app: App?, _ isDry: Bool) async throws -> [GarbageEntry] {
        try await with { services, _ in
            let garbage = Garbage(
                services: services, repositories: folder.repositories, sites: folder.sites,
                bounds: configuration.garbage)
            return try await garbage.collect(app, isDry: isDry)
        }
    }

    /// As `DriftSurvey.perform`.
    func drift(_ app: App?) async throws -> [Drift] {
        try await with { services, _ in try await DriftSurvey(services: services).perform(app) }
    }

    /// As `AppArchiver.write`.
    func archive(_ app: App) async throws -> AppArchive {
        try await with { _, docker in
            try await AppArchiver(app: app, folder: folder, database: database, docker: docker).write()
        }
    }

    /// Runs `body` with what deployments work with, and a Docker client.
    ///
    /// - Throws: `Refusal` when Docker does not answer.
    func with<Value>(_ body: (Pipeline.Services, DockerClient) async throws -> Value) async throws -> Value {
        let docker = DockerClient(socket: configuration.dockerSocket, logger: logger)
        let result: Result<Value, any Error>
        do {
            let services = try await Daemon(configuration, logger: logger).services(
                database, feed, docker, proxy, CertificateFolder(folder.certificates), folder, Wakes())
            result = .success(try await body(services, docker))
        } catch let error as DockerError where error.isUnavailable {
            result = .failure(Refusal("Docker does not answer: \(error.reason); 'doctor' says what to do"))
        } catch {
            result = .failure(error)
        }
        try await docker.shutdown()
        return try result.get()
    }

    private var proxy: NginxProxy {
        NginxProxy(
            directory: folder.nginx, listenAddress: configuration.httpHost, port: configuration.httpPort,
            tlsPort: configuration.httpsPort, drainSeconds: configuration.drainSeconds, logger: logger)
    }
}

extension UpkeepServices {
    init(_ upkeep: Upkeep) {
        self.init(collect: upkeep.collect, drift: upkeep.drift, archive: upkeep.archive)
    }
}

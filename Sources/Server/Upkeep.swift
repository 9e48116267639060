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
    let certificates: CertificateFolder
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

    /// What people are to know of an app's routes: why they are not as they should be. Empty when all is well.
    ///
    /// - Parameter waits: for some seconds, until what was just set is in force.
    func routing(_ app: App, waits: Bool) async throws -> [String] {
        let routes = self.routes
        let deadline = ContinuousClock.now + .seconds(waits ? 5 : 0)
        while try await routes.stale()?.contains(app.name.description) ?? true {
            guard folder.server != nil else { return ["the proxy does so once the server runs: it does not now"] }
            guard ContinuousClock.now < deadline else {
                return ["the proxy does not do so yet; 'drift \(app.name)' tells when it does"]
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return routes.problems(of: app.name)
    }

    /// As `RouteTable.check`.
    ///
    /// - Throws: `Refusal` with nginx's words.
    func checkRouting(_ app: App, _ settings: RoutingSettings?, _ domain: Domain?) async throws {
        do {
            try await routes.check(app, settings: settings, adding: domain)
        } catch let error as RoutingError {
            let place = domain.map { " at '\($0.address)'; an admin may change it" } ?? ""
            throw Refusal("nginx does not take the app's snippet: \(error.reason)\(place)", exitStatus: 2)
        }
    }

    /// Why the proxy could not have a port, which no app has; nil when it could.
    func portObstacle(_ port: PublishedPort) -> String? {
        let own = [configuration.sshPort, configuration.httpPort, configuration.httpsPort]
        if port.transport == .tcp, own.contains(port.port) { return "the server itself takes it; choose another" }
        guard !PortProbe.isFree(port.transport, configuration.httpHost, port.port) else { return nil }
        return "another program on the server has it; choose another, or stop that"
    }

    private var routes: RouteTable {
        configuration.routes(configuration.proxy(folder, logger), database, certificates, folder)
    }

    /// Runs `body` with what deployments work with, and a Docker client.
    ///
    /// - Throws: `Refusal` when Docker does not answer.
    func with<Value>(_ body: (Pipeline.Services, DockerClient) async throws -> Value) async throws -> Value {
        let docker = DockerClient(socket: configuration.dockerSocket, logger: logger)
        let result: Result<Value, any Error>
        do {
            let services = try await Daemon(configuration, logger: logger).services(
                database, feed, docker, configuration.proxy(folder, logger), certificates, folder, Wakes())
            result = .success(try await body(services, docker))
        } catch let error as DockerError where error.isUnavailable {
            result = .failure(Refusal("Docker does not answer: \(error.reason); 'doctor' says what to do"))
        } catch {
            result = .failure(error)
        }
        try await docker.shutdown()
        return try result.get()
    }
}

extension UpkeepServices {
    init(_ upkeep: Upkeep) {
        self.init(
            collect: upkeep.collect, drift: upkeep.drift, archive: upkeep.archive,
            routing: upkeep.routing, checkRouting: upkeep.checkRouting, portObstacle: upkeep.portObstacle)
    }
}

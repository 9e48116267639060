package import Docker
package import Foundation
package import Platform

/// Runs processes as containers of one machine's Docker.
package struct DockerDeployer: Deployer {
    /// What each process may use, and how long it is waited for.
    package struct Limits: Sendable {
        package var memoryBytes: Int
        package var cpus: Double
        package var processes: Int
        /// From start to healthy.
        package var health: Duration
        /// From `SIGTERM` to `SIGKILL`.
        package var stopSeconds: Int

        package init(memoryBytes: Int, cpus: Double, processes: Int, health: Duration, stopSeconds: Int) {
            self.memoryBytes = memoryBytes
            self.cpus = cpus
            self.processes = processes
            self.health = health
            self.stopSeconds = stopSeconds
        }
    }

    private static let installationLabel = "martlet.installation"
    private static let appLabel = "martlet.app"
    private static let processLabel = "martlet.process"

    private let docker: DockerClient
    private let installation: UUID
    private let pool: AddressPool
    private let limits: Limits
    private let variables: @Sendable (Release) throws -> [String: String]
    private let host: @Sendable (AppName) -> String
    private let processes: ProcessStore

    /// - Parameters:
    ///   - installation: marks containers and networks as this installation's.
    ///   - variables: the config variables of a release.
    ///   - host: the host name of an app.
    package init(
        docker: DockerClient, installation: UUID, pool: AddressPool, limits: Limits, processes: ProcessStore,
        variables: @escaping @Sendable (Release) throws -> [String: String],
        host: @escaping @Sendable (AppName) -> String
    ) {
        self.docker = docker
        self.installation = installation
        self.pool = pool
        self.limits = limits
        self.processes = processes
        self.variables = variables
        self.host = host
    }

    package func start(
        _ process: AppProcess, of release: Release, app: App, report: @Sendable (String) async -> Void
    ) async throws -> String {
        let network = try await AppNetwork(docker: docker, pool: pool, labels: labels(app: app.id)).ensure(for: app.id)
        let name = "martlet-\(app.id.text.prefix(8))-v\(release.number)-\(process.type)-\(process.index)"
        do {
            // One of that name is left over from a start that was cut short.
            try await remove(name)
            let container = try await docker.createContainer(try spec(name, process, release, app, network: network))
            try await processes.setContainer(container, of: process)
            try await start(container, as: "\(process.type).\(process.index)")
            return try await waitUntilHealthy(container, process, release, app, network: network, report: report)
        } catch {
            // The cause may be a cancellation, which must not stop the clean-up.
            await Task { try? await remove(name) }.value
            throw error
        }
    }

    package func condition(of process: AppProcess, release: Release) async throws -> ProcessCondition {
        guard let container = process.container, let state = try await docker.inspectContainer(container),
            state.isRunning
        else { return .gone }
        // Docker calls a container running that it is about to start again.
        guard let address = state.addresses["martlet-\(process.appID.text)"] else { return .restarting }
        return .running(at: "\(address):\(release.product.port)")
    }

    package func stop(_ process: AppProcess) async throws {
        guard let container = process.container else { return }
        do {
            try await docker.stop(container, timeoutSeconds: limits.stopSeconds)
        } catch let error as DockerError where error.isNotFound {
            return
        }
        try await remove(container)
    }

    package func remove(_ process: AppProcess) async throws {
        if let container = process.container { try await remove(container) }
    }

    package func removeUnwanted(except wanted: () async throws -> Set<UUID>) async throws -> Int {
        let mine = try await docker.containers(labels: [Self.installationLabel: installation.text], all: true)
        let wanted = try await wanted()
        let unwanted = mine.filter { container in
            // Those of builds belong to whoever builds.
            guard let process = container.labels[Self.processLabel] else { return false }
            return UUID(uuidString: process).map { !wanted.contains($0) } ?? true
        }
        for container in unwanted { try await remove(container.id) }
        return unwanted.count
    }

    package func removeApp(_ id: UUID) async throws {
        let label = [Self.appLabel: id.text]
        for container in try await docker.containers(labels: label, all: true) { try await remove(container.id) }
        for network in try await docker.networks(labels: label) { try await docker.removeNetwork(network.id) }
        for image in try await docker.images(labels: label) { try await docker.removeImage(image.id, force: true) }
    }

    /// What Docker refuses to start is the image's fault: no such user, or no such program.
    private func start(_ container: String, as name: String) async throws {
        do {
            try await docker.start(container)
        } catch let error as DockerError where error.status != nil {
            throw DeployError("\(name) cannot be started: \(error.reason)")
        }
    }

    private func remove(_ container: String) async throws {
        do {
            try await docker.removeContainer(container, force: true)
        } catch let error as DockerError where error.isNotFound {
            return
        }
    }

    private func labels(app: UUID) -> [String: String] {
        [Self.installationLabel: installation.text, Self.appLabel: app.text]
    }

    private func spec(
        _ name: String, _ process: AppProcess, _ release: Release, _ app: App, network: String
    ) throws -> ContainerSpec {
        var spec = ContainerSpec(name: name, image: release.product.image, network: network)
        let declaration = release.product.processes.first { $0.type == process.type }
        spec.entrypoint = declaration?.entrypoint
        spec.command = declaration?.command
        spec.labels = labels(app: app.id)
        spec.labels[Self.processLabel] = process.id.text
        let own = [
            "PORT": "\(release.product.port)", "MARTLET_APP": app.name.description,
            "MARTLET_RELEASE": "v\(release.number)",
            "MARTLET_PROCESS": "\(process.type).\(process.index)", "GIT_REV": release.commit,
        ]
        spec.environment = try variables(release).merging(own) { $1 }
        spec.memoryBytes = limits.memoryBytes
        spec.cpus = limits.cpus
        spec.pidsLimit = limits.processes
        spec.stopTimeoutSeconds = limits.stopSeconds
        return spec
    }

    /// Polls until the check passes; gives up at the deadline, or when the process ended.
    private func waitUntilHealthy(
        _ container: String, _ process: AppProcess, _ release: Release, _ app: App, network: String,
        report: @Sendable (String) async -> Void
    ) async throws -> String {
        let name = "\(process.type).\(process.index)"
        let deadline = ContinuousClock.now + limits.health
        var problem = "it did not start"
        var pause = Duration.milliseconds(20)
        while ContinuousClock.now < deadline {
            guard let state = try await docker.inspectContainer(container) else {
                throw DeployError("\(name) disappeared while it started")
            }
            if let end = Self.ending(of: state) { throw await failure("\(name) \(end)", container) }
            if let ip = state.addresses[network], !ip.isEmpty {
                let address = "\(ip):\(release.product.port)"
                let check = HealthCheck(path: release.product.healthPath, host: host(app.name), address: address)
                guard let found = await check.problem() else {
                    // Only now: a restart while it is checked would hide how it ended.
                    try await docker.setRestartPolicy(.unlessStopped, of: container)
                    return address
                }
                problem = found
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(500))
        }
        throw await failure(
            "\(name) did not become healthy within \(limits.health.components.seconds) s: \(problem)", container)
    }

    /// How a process ended; nil while it runs.
    private static func ending(of state: ContainerState) -> String? {
        if state.oomKilled { return "used more memory than it may and was killed" }
        if state.isRunning { return nil }
        return "exited with \(state.exitCode) while it started"
    }

    private func failure(_ description: String, _ container: String) async -> DeployError {
        let lines = try? await docker.logs(container, tail: 30)
        return DeployError(description, lastLines: lines?.map(\.text) ?? [])
    }
}

package import Docker
package import Foundation
package import Platform

/// Runs processes as containers of one machine's Docker.
package struct DockerDeployer: Deployer {
    let docker: DockerClient
    let labels: ContainerLabels
    let limits: Limits
    let note: @Sendable (String, AppProcess) async throws -> Void
    let oneOffs = RunningOneOffs()
    private let networks = InTurn()
    private let pool: AddressPool
    private let variables: @Sendable (Release) throws -> [String: String]
    private let host: @Sendable (AppName) -> String

    /// - Parameters:
    ///   - installation: marks containers, networks and volumes as this installation's.
    ///   - pool: the addresses from which the networks of apps are cut.
    ///   - note: notes in which container a process runs, before it starts.
    ///   - variables: the config variables of a release.
    ///   - host: the host name of an app.
    package init(
        docker: DockerClient, installation: UUID, pool: AddressPool, limits: Limits,
        note: @escaping @Sendable (_ container: String, AppProcess) async throws -> Void,
        variables: @escaping @Sendable (Release) throws -> [String: String],
        host: @escaping @Sendable (AppName) -> String
    ) {
        self.docker = docker
        self.labels = ContainerLabels(installation: installation, daemon: UUID())
        self.pool = pool
        self.limits = limits
        self.note = note
        self.variables = variables
        self.host = host
    }

    package func condition(of process: AppProcess, release: Release) async throws -> ProcessCondition {
        guard let state = try await state(of: process), state.isRunning else { return .gone }
        if !state.isRestarting, let address = state.addresses[AppNetwork.name(of: process.appID)] {
            return .running(at: "\(address):\(release.product.port)", restarts: state.restartCount)
        }
        if !state.isRestarting, state.networks.isEmpty { return .cutOff }
        // Docker waits 100 ms before it starts it again, twice as long each time, up to a minute; ten good seconds
        // end that.
        return .restarting(after: ContainerEnd.words(state), restarts: state.restartCount)
    }

    package func problem(
        of process: AppProcess, by probe: HealthProbe, release: Release, app: App
    ) async throws -> String? {
        guard let state = try await state(of: process) else { return "it is gone" }
        guard state.isRunning, !state.isRestarting else { return "it \(ContainerEnd.words(state))" }
        let check = check(probe, release, app)
        return try check.problem(try await check.answer(of: state), of: state).map(mask(of: release).masked)
    }

    package func restart(_ process: AppProcess) async throws {
        guard let state = try await state(of: process) else { return }
        try await ifThere {
            try await docker.restart(state.id, timeoutSeconds: state.stopTimeoutSeconds ?? limits.stopSeconds)
        }
    }

    package func reconnect(_ process: AppProcess) async throws {
        guard let state = try await state(of: process) else { return }
        let network = try await place(of: process.appID)
        try await ifThere { try await docker.connect(state.id, to: network) }
    }

    package func lastLines(of process: AppProcess, count: Int) async throws -> [String] {
        guard let container = process.container else { return [] }
        return try await ifThere { try await docker.logs(container, tail: count).map(\.text) } ?? []
    }

    package func stop(_ process: AppProcess, within seconds: Int) async throws {
        guard let container = process.container else { return }
        try await ifThere { try await docker.stop(container, timeoutSeconds: seconds) }
        try await remove(container)
    }

    package func remove(_ process: AppProcess) async throws {
        if let container = process.container { try await remove(container) }
    }

    func remove(_ container: String) async throws {
        try await ifThere { try await docker.removeContainer(container, force: true) }
    }

    /// What `body` returns; nil when what it is about is not there.
    @discardableResult
    func ifThere<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let error as DockerError where error.isNotFound {
            return nil
        }
    }

    /// How a question is asked of processes of a release.
    func check(_ probe: HealthProbe, _ release: Release, _ app: App) -> ContainerCheck {
        ContainerCheck(
            docker: docker, probe: probe, host: host(app.name), network: AppNetwork.name(of: app.id),
            port: probe.port ?? release.product.port)
    }

    /// What all containers of a release have in common.
    func spec(_ name: String, _ release: Release, _ app: App, dyno: String) async throws -> ContainerSpec {
        var spec = ContainerSpec(name: name, image: release.product.image, network: try await place(of: app.id))
        spec.labels = labels.of(app.id).merging([ContainerLabels.release: "v\(release.number)"]) { $1 }
        let declared = (release.product.variables ?? []).compactMap { variable in
            variable.value.map { (variable.name, $0) }
        }
        let own = [
            "PORT": "\(release.product.port)", "MARTLET_APP": app.name.description,
            "MARTLET_RELEASE": "v\(release.number)", "MARTLET_PROCESS": dyno, "DYNO": dyno, "GIT_REV": release.commit,
        ]
        spec.environment = Dictionary(declared) { $1 }.merging(try variables(release)) { $1 }.merging(own) { $1 }
        spec.pidsLimit = limits.processes
        return spec
    }

    /// The name of an app's network, made if need be. Several processes of a new app start at once.
    private func place(of app: UUID) async throws -> String {
        let network = AppNetwork(docker: docker, pool: pool, labels: labels.of(app))
        return try await networks.run { try await network.ensure(for: app) }
    }

    /// Hides the config of a release in what its processes print.
    func mask(of release: Release) throws -> SecretMask { SecretMask(try variables(release).values) }

    private func state(of process: AppProcess) async throws -> ContainerState? {
        guard let container = process.container else { return nil }
        return try await docker.inspectContainer(container)
    }
}

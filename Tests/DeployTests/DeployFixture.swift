import Deploy
import Docker
import Foundation
import Logging
import TestKit
import Testing

@testable import Platform

/// A deployer at the real Docker, and apps that belong to one test.
struct DeployFixture {
    /// Far from the addresses that Martlet uses by itself.
    private static let pool = AddressPool("10.98.0.0/16")

    let docker = DockerClient(socket: "/var/run/docker.sock", logger: Logger(label: "test"))
    let installation = UUID()
    let app = App(
        id: UUID(), name: AppName(stored: "shop"), owner: UserName(stored: "ann"), deployBranch: "main",
        createdAt: Date(), isStopped: false)

    let other = App(
        id: UUID(), name: AppName(stored: "blog"), owner: UserName(stored: "bob"), deployBranch: "main",
        createdAt: Date(), isStopped: false)

    /// Runs `body`, and removes what it left.
    static func with(_ body: (DeployFixture) async throws -> Void) async throws {
        try await prepared.value
        let fixture = DeployFixture()
        do {
            try await body(fixture)
        } catch {
            try await fixture.cleanUp()
            throw error
        }
        try await fixture.cleanUp()
    }

    /// A deployer; each is another daemon of the same installation.
    func deployer(
        at other: DockerClient? = nil, memoryMiB: Int = 64, healthSeconds: Double = 20,
        variables: [String: String] = [:]
    ) throws -> DockerDeployer {
        DockerDeployer(
            docker: other ?? docker, installation: installation, pool: try #require(Self.pool),
            limits: DockerDeployer.Limits(
                memoryBytes: memoryMiB << 20, cpus: 1, processes: 50, health: .seconds(healthSeconds), stopSeconds: 5,
                uptimeSeconds: 0.5),
            note: { _, _ in }, variables: { _ in variables }, host: { "\($0).example.com" })
    }

    func release(
        _ number: Int = 1, image: String = "martlet/busybox:latest", of app: App? = nil,
        change: (inout BuildProduct) -> Void = { _ in }
    ) -> Release {
        var product = BuildProduct(method: "dockerfile", image: image)
        change(&product)
        return Release(
            id: UUID(), appID: (app ?? self.app).id, number: number, buildID: nil, branch: "main",
            commit: String(repeating: "a", count: 40), updates: "", product: product, config: nil, status: .starting,
            createdBy: "ann", message: nil, summary: nil, createdAt: Date(), liveAt: nil,
            guardUntil: nil, weight: nil)
    }

    /// A process as the database knows it before it starts.
    func process(_ type: String = "web", of release: Release) -> AppProcess {
        AppProcess(
            id: UUID(), appID: release.appID, releaseID: release.id, type: type, index: 1, container: nil,
            address: nil, state: .starting, isReady: true, restarts: 0, startedAt: nil, problem: nil, drainUntil: nil)
    }

    /// A script as a type of process.
    func plan(
        _ script: String, _ type: String = "web", check: HealthProbe? = nil, memoryMiB: Int? = nil,
        volumes: [Volume] = [], change: (inout ProcessDeclaration) -> Void = { _ in }
    ) -> ProcessPlan {
        var declaration = ProcessDeclaration(type: type, shell: script)
        declaration.checks = check.map { HealthChecks(startup: $0) }
        change(&declaration)
        return ProcessPlan(declaration, quantity: 1, memoryBytes: memoryMiB.map { $0 << 20 }, volumes: volumes)
    }

    /// The process in the container in which it runs.
    func placed(_ process: AppProcess) async throws -> AppProcess {
        let containers = try await containers().filter { $0.labels["martlet.process"] == process.id.text }
        return AppProcess(
            id: process.id, appID: process.appID, releaseID: process.releaseID, type: process.type,
            index: process.index, container: containers.first?.id, address: nil, state: .running, isReady: true,
            restarts: 0,
            startedAt: nil, problem: nil, drainUntil: nil)
    }

    /// Starts a process, and waits until it is healthy.
    func start(
        _ script: String, _ type: String = "web", check: HealthProbe? = nil, by deployer: DockerDeployer? = nil,
        of release: Release? = nil, volumes: [Volume] = []
    ) async throws -> AppProcess {
        let release = release ?? self.release()
        let process = process(type, of: release)
        _ = try await (deployer ?? self.deployer()).start(
            process, as: plan(script, type, check: check, volumes: volumes), of: release, app: app
        ) { _ in }
        return try await placed(process)
    }

    /// Why a start fails; nothing is left of it.
    func failure(
        of script: String, _ type: String = "web", check: HealthProbe? = nil, by deployer: DockerDeployer? = nil,
        memoryMiB: Int? = nil, change: (inout ProcessDeclaration) -> Void = { _ in }
    ) async throws -> DeployError {
        let release = release()
        let plan = plan(script, type, check: check, memoryMiB: memoryMiB, change: change)
        let deployer = try deployer ?? self.deployer()
        let error = await #expect(throws: DeployError.self) {
            _ = try await deployer.start(process(type, of: release), as: plan, of: release, app: app) { _ in }
        }
        #expect(try await containers().isEmpty)
        return try #require(error)
    }

    func containers() async throws -> [ContainerSummary] {
        try await docker.containers(labels: ["martlet.installation": installation.text], all: true)
    }

    func volume(_ name: String, at path: String, isReadOnly: Bool = false) -> Volume {
        Volume(appID: app.id, name: name, path: path, isReadOnly: isReadOnly)
    }

    /// Makes an image that runs as user 1000.
    func imageOfUser(_ lines: String = "") async throws -> String {
        let name = "mt-\(installation.text.prefix(8)):latest"
        let file = "FROM martlet/busybox:latest\n\(lines)\nUSER app\nLABEL martlet.app=\(app.id.text)\n"
        let result = try await Command(
            ["/usr/bin/docker", "build", "-q", "-t", name, "-"], environment: ["DOCKER_BUILDKIT": "1"]
        ).run(input: file)
        try #require(result.status == 0, "\(result)")
        return name
    }

    private func cleanUp() async throws {
        for id in [app.id, other.id] { try await deployer().removeApp(id) }
        try await docker.shutdown()
    }

    /// The daemon runs, and the image is there.
    private static let prepared = Task {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for script in ["start-docker", "base-image"] {
            let result = try await Command([root.appending(path: "etc/\(script)").path]).run()
            try #require(result.status == 0, "\(script) failed: \(result)")
        }
    }
}

import Docker
import Foundation
import Glibc
import Logging
import Testing
import Threads

/// A real Docker daemon, and names that belong to one test.
struct DockerFixture {
    static let socket = "/var/run/docker.sock"
    static let image = "martlet/busybox:latest"
    static let isUsable = geteuid() == 0 || access(socket, R_OK | W_OK) == 0

    let docker: DockerClient
    /// Unique, and short enough for the name of an interface.
    let name: String
    /// Marks what is removed when the test ends.
    let labels: [String: String]

    /// Runs `body`, and removes what it labelled.
    static func with(_ body: (DockerFixture) async throws -> Void) async throws {
        try await prepared.value
        let name = "mt\(String(UInt32.random(in: .min ... .max), radix: 36))"
        let docker = DockerClient(socket: socket, logger: Logger(label: "test"))
        let fixture = DockerFixture(docker: docker, name: name, labels: ["martlet.test": name])
        do {
            try await body(fixture)
        } catch {
            try await fixture.cleanUp()
            throw error
        }
        try await fixture.cleanUp()
    }

    /// A container of `script`, which has not been started.
    func container(_ script: String, change: (inout ContainerSpec) -> Void = { _ in }) async throws -> String {
        var spec = ContainerSpec(name: "\(name)-\(UInt32.random(in: .min ... .max))", image: Self.image)
        spec.command = ["sh", "-c", script]
        spec.labels = labels
        change(&spec)
        return try await docker.createContainer(spec)
    }

    /// A network in a range of its own, far from those that Martlet uses.
    func network(subnet: String) async throws -> String {
        try await docker.createNetwork(NetworkSpec(name: name, subnet: subnet, bridgeName: name, labels: labels))
    }

    private func cleanUp() async throws {
        for container in try await docker.containers(labels: labels, all: true) {
            try await docker.removeContainer(container.id, force: true)
        }
        for network in try await docker.networks(labels: labels) { try await docker.removeNetwork(network.id) }
        try await docker.shutdown()
    }

    /// The daemon runs, and the image is there.
    private static let prepared = Task {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for script in ["start-docker", "base-image"] { try await runScript(root.appending(path: "etc/\(script)").path) }
    }

    private static func runScript(_ path: String) async throws {
        let status = try await onOwnThread {
            let process = Process()
            process.executableURL = URL(filePath: path)
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        try #require(status == 0, "\(path) failed")
    }
}

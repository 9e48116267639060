import Foundation
import Glibc
import Logging
import Testing

@testable import Docker

@Suite struct UnavailableTests {
    @Test func `a missing socket is told at once, with what to do`() async throws {
        try await withClient("/tmp/martlet-none.sock") { docker in
            let error = await #expect(throws: DockerError.self) { try await docker.containers(labels: [:], all: true) }
            #expect(error?.isUnavailable == true)
            #expect(
                error?.description == "cannot use Docker at '/tmp/martlet-none.sock': there is no such socket; "
                    + "start Docker or set MARTLET_DOCKER_SOCKET")
        }
    }

    @Test func `a socket on which nobody listens is told as such`() async throws {
        try await withSocket(listening: false) { path in
            try await withClient(path) { docker in
                let error = await #expect(throws: DockerError.self) { try await docker.ping() }
                #expect(error?.description == "cannot use Docker at '\(path)': connection refused; start Docker")
            }
        }
    }

    @Test(arguments: [EACCES, EPERM])
    func `a socket that may not be used names the group that may`(code: CInt) {
        let error = DockerError.unreachable("/var/run/docker.sock", code)
        #expect(
            error.description == "cannot use Docker at '/var/run/docker.sock': permission denied; "
                + "add your user to the group 'docker' or run as root")
        #expect(error.isUnavailable)
    }

    @Test func `a daemon that hangs holds nobody for longer than the time allowed`() async throws {
        try await withSocket(listening: true) { path in
            try await withClient(path) { docker in
                let error = await #expect(throws: DockerError.self) { try await docker.ping() }
                #expect(error?.isTimeout == true)
                #expect(error?.reason == "Docker gave no answer within 5 s")
            }
        }
    }

    @Test(.enabled(if: DockerFixture.isUsable, "needs Docker"))
    func `a daemon tells its version`() async throws {
        try await DockerFixture.with { fixture in
            let version = try await fixture.docker.ping()
            #expect(version.api.description.hasPrefix("1."))
            #expect(version.server.hasPrefix("Docker/"))
        }
    }

    private func withClient(_ socket: String, _ body: (DockerClient) async throws -> Void) async throws {
        let docker = DockerClient(socket: socket, logger: Logger(label: "test"))
        do { try await body(docker) } catch {
            try await docker.shutdown()
            throw error
        }
        try await docker.shutdown()
    }

    /// A unix socket that takes connections and never answers, or that takes none.
    private func withSocket(listening: Bool, _ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "/martlet-\(UUID().uuidString).sock"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(descriptor)
            unlink(path)
        }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let status = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0)
        if listening { try #require(listen(descriptor, 8) == 0) }
        try await body(path)
    }
}

import Build
import Docker
import Logging

/// Docker: its client, its engine, and what is kept in it.
struct DockerChecks: Sendable {
    let configuration: Configuration

    var all: [DoctorCheck] {
        [
            DoctorCheck("docker client", limit: .seconds(10)) { try await client() },
            DoctorCheck("docker engine") { try await engine() },
            DoctorCheck("docker restarts") { try await restarts() },
            DoctorCheck("docker disk") { try await disk() },
            DoctorCheck("stack image") { try await stackImage() },
        ]
    }

    private func client() async throws -> Finding {
        do throws(BuildError) {
            return .ok("\(try await DockerCommand.find().path), with BuildKit")
        } catch {
            return .problem(error.description, error.hint)
        }
    }

    private func engine() async throws -> Finding {
        do throws(any Error) {
            let version = try await withEngine { try await $0.ping() }
            return .ok("\(version.server.isEmpty ? "unknown" : version.server), API \(version.api)")
        } catch let error as DockerError {
            return .problem("\(error)", error.isUnavailable ? "start Docker: 'systemctl start docker'" : nil)
        }
    }

    private func restarts() async throws -> Finding {
        try await ifAnswering {
            if try await withEngine({ try await $0.keepsContainers() }) { return .ok("apps go on meanwhile") }
            return .warning(
                "apps end with each restart or upgrade of Docker",
                #"set "live-restore": true in /etc/docker/daemon.json, then 'systemctl reload docker'"#)
        }
    }

    private func disk() async throws -> Finding {
        try await ifAnswering { try await FolderChecks.disk(withEngine { try await $0.rootDirectory() }) }
    }

    private func stackImage() async throws -> Finding {
        try await ifAnswering {
            let status = try await withEngine { try await configuration.stack($0).status() }
            let names = status.images.map(\.name).joined(separator: ", ")
            if status.isReady { return .ok(names) }
            return .warning("not there yet: \(names)", "the first build that needs it makes or pulls it")
        }
    }

    private func ifAnswering(_ check: () async throws -> Finding) async throws -> Finding {
        do {
            return try await check()
        } catch let error as DockerError where error.isUnavailable {
            return .warning("unknown while the engine does not answer")
        }
    }

    private func withEngine<T>(_ body: (DockerClient) async throws -> T) async throws -> T {
        // What a check finds is its own to tell.
        let docker = DockerClient(
            socket: configuration.dockerSocket, logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
        let result: Result<T, any Error>
        do {
            result = .success(try await body(docker))
        } catch {
            result = .failure(error)
        }
        try await docker.shutdown()
        return try result.get()
    }
}

import Build
import Docker
import Logging

/// Docker: its client, its engine, and what is kept in it.
struct DockerChecks: Sendable {
    private static let stackImages = ["martlet/stack:run", "martlet/stack:build"]
    let configuration: Configuration

    var all: [DoctorCheck] {
        [
            DoctorCheck("docker client", limit: .seconds(10)) { try await client() },
            DoctorCheck("docker engine") { try await engine() },
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

    private func disk() async throws -> Finding {
        guard let client = try? await DockerCommand.find() else { return .warning("unknown without a docker client") }
        let answer = try await Program(path: client.path).run(
            ["info", "--format", "{{.DockerRootDir}}"], ["DOCKER_HOST": "unix://\(configuration.dockerSocket)"])
        guard answer.isSuccess, answer.output.hasPrefix("/") else {
            return .warning("unknown while the engine does not answer")
        }
        return try await FolderChecks.disk(answer.output)
    }

    private func stackImage() async throws -> Finding {
        do throws(any Error) {
            return try await withEngine { docker in
                var missing: [String] = []
                for image in Self.stackImages where try await docker.inspectImage(image) == nil {
                    missing.append(image)
                }
                return missing.isEmpty
                    ? .ok(Self.stackImages.joined(separator: ", "))
                    : .warning(
                        "not made yet: \(missing.joined(separator: ", "))", "the first build that needs it makes it")
            }
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

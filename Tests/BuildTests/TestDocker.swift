import Docker
import Foundation
import Logging

@testable import Build
@testable import Platform

/// What tests of builds have in common: the machine's Docker, and an app.
enum TestDocker {
    static let socket = "/var/run/docker.sock"
    /// A small image with a shell.
    static let image = "martlet/busybox:latest"

    static func app() -> App {
        App(
            id: UUID(), name: AppName(stored: "sample"), owner: UserName(stored: "alice"), deployBranch: nil,
            createdAt: Date(timeIntervalSince1970: 0), isStopped: false)
    }

    /// Runs `body`, and then `cleanUp`, whatever became of it.
    static func with<Value>(
        _ body: (DockerClient) async throws -> Value, cleanUp: (DockerClient) async throws -> Void = { _ in }
    ) async throws -> Value {
        let docker = DockerClient(socket: socket, logger: Logger(label: "test"))
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(docker))
        } catch {
            result = .failure(error)
        }
        try await cleanUp(docker)
        try await docker.shutdown()
        return try result.get()
    }
}

import Docker
import Foundation

/// A container for the programs of a build: limited, without capabilities, and gone when the build is over.
struct BuildContainer: LifecycleContainer {
    let docker: DockerClient
    let id: String
    let user: String

    /// Starts a container that waits, hands it to `body`, and removes it, whatever runs in it, before this returns.
    ///
    /// - Throws: what `body` throws; `BuildError` when there is no such image, or it has no shell.
    static func with<Value: Sendable>(
        _ spec: ContainerSpec, docker: DockerClient, user: String,
        _ body: (BuildContainer) async throws -> Value
    ) async throws -> Value {
        var spec = spec
        spec.entrypoint = ["/bin/sh", "-c", "while :; do sleep 3600; done"]
        spec.command = []
        return try await docker.withContainer(spec) { id in
            try await docker.start(id)
            return try await body(BuildContainer(docker: docker, id: id, user: user))
        }
    }

    func run(
        _ command: [String], environment: [String: String], directory: String,
        output: @escaping @Sendable (_ line: [UInt8]) async -> Void
    ) async throws -> Int {
        let lines = ExecOutput(output)
        var spec = ExecSpec(lines.wrapping(command))
        spec.environment = environment
        spec.directory = directory
        spec.user = user
        do throws(any Error) {
            let code = try await docker.exec(in: id, spec) { try await lines.take($1) }
            await lines.finish()
            return code
        } catch let end as ExecOutput.Ended {
            return end.code
        }
    }
}

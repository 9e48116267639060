import Docker
import Foundation
package import Platform

extension DockerDeployer {
    /// How long a command whose time is over, or that is not wanted any more, may take to end, in seconds.
    private static let graceSeconds = 2

    package func run(
        _ job: OneOff, of release: Release, app: App, output: @escaping @Sendable (String) async -> Void
    ) async throws -> Int {
        let random = String(UInt32.random(in: .min ... .max), radix: 16)
        let name = "martlet-\(app.id.text.prefix(8))-v\(release.number)-run-\(random)"
        let mask = try mask(of: release)
        let output = { @Sendable line in await output(mask.masked(line)) }
        return try await oneOffs.running(name) {
            do {
                let container = try await create(job, release, app, name: name, number: random)
                try await start(container, as: job.name)
                let status = try await outcome(of: container, job, output: output)
                await clear(name)
                return status
            } catch {
                await clear(name)
                throw error
            }
        }
    }

    private func create(
        _ job: OneOff, _ release: Release, _ app: App, name: String, number: String
    ) async throws -> String {
        let type = job.name.split(separator: " ").first ?? "run"
        var spec = try await spec(name, release, app, dyno: "\(type).\(number)")
        spec.entrypoint = job.entrypoint
        spec.command = job.command
        spec.labels.merge(labels.ofCommand(until: Date(timeIntervalSinceNow: job.timeout))) { $1 }
        spec.memoryBytes = job.memoryBytes ?? limits.memoryBytes
        spec.cpus = job.cpus ?? limits.cpus
        return try await create(spec, with: job.volumes, of: app, as: job.name)
    }

    private func outcome(
        of container: String, _ job: OneOff, output: @escaping @Sendable (String) async -> Void
    ) async throws -> Int {
        let limit = Duration.seconds(job.timeout)
        guard let status = try await within(limit, { try await outcome(of: container, output: output) }) else {
            throw DeployError(
                "\(job.name) did not end within \(job.timeout.text) s and was stopped; give it more time")
        }
        return status
    }

    /// Its exit status, once it has ended and all its lines were taken.
    private func outcome(
        of container: String, output: @escaping @Sendable (String) async -> Void
    ) async throws -> Int {
        let status = try await docker.followLog(of: container) { await output($0.text) }
        if let state = try await docker.inspectContainer(container), state.oomKilled || status == 137 {
            await output(" !     It \(ContainerEnd.words(state))")
        }
        return status
    }

    /// Removes a command's container, whatever became of it, even when this task is cancelled. What fails here is
    /// done by the next pass over what is not wanted.
    private func clear(_ name: String) async {
        await Task {
            try? await docker.stop(name, timeoutSeconds: Self.graceSeconds)
            try? await remove(name)
        }.value
    }
}

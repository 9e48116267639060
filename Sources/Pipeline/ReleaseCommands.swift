import Build
import Deploy
import GitWire
import Platform

/// The commands that a release runs once before it serves, with its own image and config.
struct ReleaseCommands: Sendable {
    let release: Release
    let app: App
    let services: Pipeline.Services
    let log: any BuildOutput

    /// Runs the release's own command, if it declares one.
    ///
    /// - Throws: `DeployError` when it fails.
    func runRelease() async throws {
        guard let declared = release.product.processes.first(where: { $0.type == ProcessDeclaration.release }),
            let command = declared.command
        else { return }
        await log.step("Running the release command")
        let status = try await run(
            "release command", command, entrypoint: declared.entrypoint,
            timeout: declared.timeout ?? Double(services.times.releaseSeconds))
        guard status == 0 else { throw DeployError("the release command exited with \(status)") }
        await log.detail("the release command succeeded")
    }

    /// Runs a command, showing what it prints.
    ///
    /// - Returns: its exit status.
    func run(_ name: String, _ command: [String], entrypoint: [String]?, timeout: Double) async throws -> Int {
        let plan = try await services.plans(of: release.product, app).first
        let job = OneOff(
            name: name, entrypoint: entrypoint, command: command, timeout: timeout, memoryBytes: plan?.memoryBytes,
            cpus: plan?.cpus, volumes: try await services.volumes.list(of: app))
        return try await services.deployer.run(job, of: release, app: app) { line in
            await log.add(.app, "       " + ControlCharacters.neutralise(Array(line.utf8)))
        }
    }
}

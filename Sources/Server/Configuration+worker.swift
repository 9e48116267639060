import Build
import Docker
import Foundation
import Hooks
import Logging
import Pipeline
import Platform
import Postgres

extension Configuration {
    /// What one build may use.
    var buildLimits: BuildLimits {
        var limits = BuildLimits()
        limits.time = .seconds(buildSeconds)
        return limits
    }

    /// A worker as these settings want it.
    ///
    /// - Throws: when Docker's client cannot build, or the database cannot be used.
    func worker(
        named name: String, _ database: DatabasePool, _ feed: BuildFeed, _ docker: DockerClient, _ folder: DataFolder,
        _ logger: Logger
    ) async throws -> BuildWorker {
        BuildWorker(
            name: name, slots: max(1, builds), database: database, feed: feed,
            builder: try await builder(for: name, Installation.id(from: database), docker, folder),
            hooks: hookRunner(folder, logger), repositories: folder.repositories,
            address: { [self] in address(of: $0) }, logger: logger)
    }

    private func builder(
        for worker: String, _ installation: UUID, _ docker: DockerClient, _ folder: DataFolder
    ) async throws -> Builder {
        let dockerfile = DockerfileBuilder(
            command: try await DockerCommand.find(), docker: docker, socket: dockerSocket,
            contexts: "\(folder.contexts)/\(worker)", installation: installation, timeout: buildLimits.time)
        return Builder(dockerfile: dockerfile, limits: buildLimits)
    }

    /// What runs the admin's hooks.
    func hookRunner(_ folder: DataFolder, _ logger: Logger) -> HookRunner {
        HookRunner(folder: folder.hooks, timeLimit: .seconds(hookSeconds), logger: logger)
    }
}

import Build
import Docker
import Foundation
import Hooks
import Logging
import Pipeline
import Platform
import Postgres
import Routing

extension Configuration {
    /// A worker as these settings want it.
    ///
    /// - Parameter certificates: from which hooks are told whether an app has TLS.
    /// - Throws: when Docker cannot build, or the database cannot be used.
    func worker(
        named name: String, _ database: DatabasePool, _ feed: BuildFeed, _ docker: DockerClient, _ folder: DataFolder,
        _ certificates: CertificateFolder, _ logger: Logger
    ) async throws -> BuildWorker {
        BuildWorker(
            name: name, slots: max(1, builds), database: database, feed: feed,
            builder: try await builder(for: name, Installation.id(from: database), docker, folder),
            config: ConfigStore(database, keys: folder.secretKeys), hooks: hookRunner(folder, logger),
            repositories: folder.repositories, address: address(certificates), logger: logger)
    }

    private func builder(
        for worker: String, _ installation: UUID, _ docker: DockerClient, _ folder: DataFolder
    ) async throws -> Builder {
        let place = "\(folder.contexts)/\(worker)"
        let dockerRoot = try await docker.rootDirectory()
        let disk = DiskGuard(paths: [dockerRoot, folder.path], limits: buildLimits)
        let images = ImageBuilder(
            command: try await DockerCommand.find(), docker: docker, socket: dockerSocket, limits: buildLimits,
            enforcer: BuildKitLimits(limits: buildLimits, slots: max(1, builds), dockerRoot: dockerRoot), disk: disk)
        var settings = BuildpackSettings(
            buildpacks: buildpacks ?? ProgramFolder.path("buildpacks") ?? "", work: "\(place)/buildpacks",
            cache: folder.buildCaches.layers, installation: installation)
        settings.limits = buildLimits
        settings.disk = disk
        settings.socket = dockerSocket
        return Builder(
            docker: docker, stack: stack(docker),
            images: ImageMethodBuilder(
                images: images, docker: docker, installation: installation, folder: "\(folder.keys)/build"),
            settings: settings,
            sites: SiteStore(
                folder: folder.sites, docker: docker, installation: installation,
                labels: [Builder.workerLabel: worker]), disk: disk,
            caches: folder.buildCaches, folder: "\(place)/sources",
            worker: worker)
    }

    /// What keeps containers away from this machine's own services.
    var hostFirewall: HostFirewall { HostFirewall(allowedPorts: [httpPort, httpsPort], isEnabled: firewall) }

    /// What runs the admin's hooks.
    func hookRunner(_ folder: DataFolder, _ logger: Logger) -> HookRunner {
        HookRunner(folder: folder.hooks, timeLimit: .seconds(hookSeconds), logger: logger)
    }
}

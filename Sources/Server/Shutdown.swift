import Docker
import Foundation
import Glibc
package import Logging
import Platform
import Postgres
import Routing

/// Stops everything of an installation: the daemon, the apps' containers, the proxy, and the private database. Data stays.
package struct Shutdown: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Stops all of it, one after the other.
    ///
    /// - Throws: what could not be stopped.
    package func run() async throws {
        let folder = try DataFolder(configuration.data)
        try await stopDaemon(of: folder)
        try await stopContainers(folder)
        try await NginxProxy(
            directory: folder.nginx, listenAddress: configuration.httpHost, port: configuration.httpPort,
            drainSeconds: configuration.drainSeconds, logger: logger
        ).stop()
        if configuration.firewall, geteuid() == 0 { try await configuration.hostFirewall.remove() }
        if configuration.databaseURL == nil, FileManager.default.fileExists(atPath: folder.postgres) {
            try await PrivateCluster(directory: folder.postgres, logger: logger).stop()
        }
    }

    private func stopDaemon(of folder: DataFolder) async throws {
        guard let daemon = folder.daemon() else { return }
        kill(daemon, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(configuration.shutdownSeconds + 30)
        // Not whether the process exists: one that nobody waits for does so after its end.
        while folder.daemon() != nil {
            guard ContinuousClock.now < deadline else {
                throw DataFolder.Problem(
                    description:
                        "the daemon (process \(daemon)) does not stop; see its log, then end it with 'kill -9 \(daemon)'"
                )
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func stopContainers(_ folder: DataFolder) async throws {
        let docker = DockerClient(socket: configuration.dockerSocket, logger: logger)
        let result: Result<Void, any Error>
        do {
            result = .success(try await stopContainers(folder, docker))
        } catch {
            result = .failure(error)
        }
        try await docker.shutdown()
        try result.get()
    }

    private func stopContainers(_ folder: DataFolder, _ docker: DockerClient) async throws {
        let database = try await Database.open(configuration, folder, logger)
        let label = ["martlet.installation": try await Installation.id(from: database).text]
        await database.close()
        do {
            for container in try await docker.containers(labels: label, all: false) {
                try await docker.stop(container.id, timeoutSeconds: configuration.stopSeconds)
            }
        } catch let error as DockerError where error.isUnavailable {
            logger.notice("no Docker, hence no containers to stop")
        }
    }
}

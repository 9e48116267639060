import Docker
import Foundation
package import Logging
import Pipeline
import Platform
import Postgres
import Routing

/// `martlet worker`: takes builds from the queue of a server on the same machine.
package struct WorkerProcess: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Works until it is asked to stop: it begins nothing more then, and ends what it has begun, or, asked again or when
    /// the time for it is over, gives that up.
    ///
    /// - Throws: why it cannot start: each error says what to do.
    package func run() async throws {
        guard !configuration.workerName.isEmpty, let url = configuration.databaseURL else {
            throw Configuration.Problem(
                description:
                    "a worker needs MARTLET_WORKER and MARTLET_DATABASE_URL; 'martlet workers add NAME' prints them")
        }
        let stopRequests = Signals.stopRequests()
        let folder = try DataFolder(configuration.data)
        let database = DatabasePool(url: url, logger: logger)
        let docker = DockerClient(socket: configuration.dockerSocket, logger: logger)
        let result: Result<Void, any Error>
        do {
            result = .success(try await work(database, docker, folder, until: stopRequests))
        } catch {
            result = .failure(error)
        }
        await database.close()
        try await docker.shutdown()
        try result.get()
    }

    private func work(
        _ database: DatabasePool, _ docker: DockerClient, _ folder: DataFolder, until stopRequests: AsyncStream<Void>
    ) async throws {
        try await Migrator.verify(database, Schema.migrations)
        let feed = BuildFeed(database)
        let worker = try await configuration.worker(
            // Its role in the database may read no certificates.
            named: configuration.workerName, database, feed, docker, folder, CertificateFolder(folder.certificates),
            logger)
        try await worker.register()
        logger.notice("working", metadata: ["worker": "\(worker.name)", "builds": "\(configuration.builds)"])
        let isStopping = Flag()
        await withTaskGroup { group in
            group.addTask { await worker.run { isStopping.value } }
            for await _ in stopRequests { break }
            isStopping.raise()
            logger.notice("stopping", metadata: ["wait": "\(configuration.shutdownSeconds) s at most"])
            await waitUntilIdle(worker, again: stopRequests)
            group.cancelAll()
        }
        await feed.close()
    }

    private func waitUntilIdle(_ worker: BuildWorker, again: AsyncStream<Void>) async {
        await withTaskGroup { group in
            group.addTask { await worker.waitUntilIdle() }
            group.addTask { [seconds = configuration.shutdownSeconds] in
                _ = try? await Task.sleep(for: .seconds(seconds))
            }
            group.addTask { for await _ in again { break } }
            await group.next()
            group.cancelAll()
        }
    }
}

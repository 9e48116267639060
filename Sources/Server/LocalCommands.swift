import Commands
import Foundation
package import Logging
import Platform
import Postgres
import Routing

/// The commands of `ssh git@HOST …`, run on the machine itself by whoever may use the data folder.
package struct LocalCommands: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs one command to its exit status.
    ///
    /// - Throws: when the database cannot be used, which `doctor` can do without.
    package func run(_ words: [String]) async throws -> Int32 {
        let isDoctor = words.first == "doctor"
        let (folder, database) = try await isDoctor ? found() : opened()
        let certificates = CertificateFolder(folder.certificates)
        if !isDoctor {
            try await certificates.find(from: CertificateStore(database, keys: folder.secretKeys))
        }
        let feed = BuildFeed(database)
        let services = CommandServices(configuration, folder, database, feed, certificates, logger)
        let context = CommandContext(caller: .local, conversation: StandardConversation(), services: services)
        let status = try await CommandLineRunner(context: context, logger: logger).run(words)
        await feed.close()
        await database.close()
        return status
    }

    private func opened() async throws -> (DataFolder, DatabasePool) {
        let folder = try DataFolder(configuration.data)
        return (folder, try await Database.open(configuration, folder, logger))
    }

    /// What is there, with nothing made or started.
    private func found() -> (DataFolder, DatabasePool) {
        let folder = DataFolder(found: configuration.data)
        let url = Database.address(configuration, folder)
        // What a check finds is its own to tell.
        let silent = Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }
        return (folder, DatabasePool(url: url, size: 2, waitLimit: .seconds(3), logger: silent))
    }
}

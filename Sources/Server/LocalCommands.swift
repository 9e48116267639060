import Commands
import Foundation
package import Logging
import Platform
import Postgres

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
    /// - Throws: when the database cannot be used.
    package func run(_ words: [String]) async throws -> Int32 {
        let folder = try DataFolder(configuration.data)
        let database = try await Database.open(configuration, folder, logger)
        let feed = BuildFeed(database)
        let context = CommandContext(
            caller: .local, conversation: StandardConversation(), database: database, feed: feed
        ) { [configuration] in configuration.address(of: $0) }
        let status = try await CommandLineRunner(context: context, logger: logger).run(words)
        await feed.close()
        await database.close()
        return status
    }
}

import Logging
import Platform
import Postgres

/// The database that the configuration names.
enum Database {
    /// Starts the private cluster unless a server is named, and brings the schema up to date.
    ///
    /// - Throws: `DatabaseError` when the server cannot be used, or is newer than this program.
    static func open(_ configuration: Configuration, _ folder: DataFolder, _ logger: Logger) async throws
        -> DatabasePool
    {
        let url: String
        if let named = configuration.databaseURL {
            url = named
        } else {
            url = try await PrivateCluster(directory: folder.postgres, logger: logger).start()
        }
        let database = DatabasePool(url: url, logger: logger)
        try await Migrator.migrate(database, Schema.migrations, logger: logger)
        return database
    }
}

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
        let database = DatabasePool(url: try await configuration.databaseURL(folder, logger), logger: logger)
        try await Migrator.migrate(database, Schema.migrations, logger: logger)
        return database
    }

    /// Where it is, running or not.
    static func address(_ configuration: Configuration, _ folder: DataFolder) -> String {
        configuration.databaseURL ?? PrivateCluster.address(in: folder.postgres)
    }
}

extension Configuration {
    /// How to connect to the database that the settings name, or to the private one, which is started if need be.
    func databaseURL(_ folder: DataFolder, _ logger: Logger) async throws -> String {
        if let databaseURL { return databaseURL }
        return try await PrivateCluster(directory: folder.postgres, logger: logger).start()
    }
}

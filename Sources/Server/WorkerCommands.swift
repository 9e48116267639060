import Foundation
package import Logging
import Platform
import Postgres

/// `martlet workers add|remove`: gives processes that build a database role of their own, under which alone they may act.
package struct WorkerCommands: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs `add NAME` or `remove NAME` to its exit status.
    ///
    /// - Throws: `Refusal` for a name that cannot be; when the database cannot be used, or does not let us make roles.
    package func run(_ verb: String, _ name: String) async throws -> Int32 {
        guard name.wholeMatch(of: /[a-z][a-z0-9-]{0,29}/) != nil, name != "server" else {
            throw Refusal(
                "'\(name.escaped)' is no name for a worker: use 1-30 lower-case letters, digits and '-'; "
                    + "'server' is the daemon's own")
        }
        let folder = try DataFolder(configuration.data)
        let database = try await Database.open(configuration, folder, logger)
        let admin = try await administrator(folder)
        let roles = WorkerRoles(database: database, administrator: admin)
        let result: Result<Void, any Error>
        do {
            result = .success(try await verb == "add" ? add(name, roles, folder) : roles.remove(name))
        } catch {
            result = .failure(error)
        }
        await admin.close()
        await database.close()
        try result.get()
        return 0
    }

    private func add(_ name: String, _ roles: WorkerRoles, _ folder: DataFolder) async throws {
        let password = try await roles.add(name)
        let url = ConnectionString.setting(
            [("user", WorkerRoles.role(of: name)), ("password", password)],
            in: try await configuration.databaseURL(folder, logger))
        print(
            """
            # Worker '\(name)'. Keep this file to yourself, name it in MARTLET_CONFIG, and run 'martlet worker'.
            MARTLET_WORKER=\(name)
            MARTLET_DATA=\(folder.path)
            MARTLET_DATABASE_URL=\(url)
            """)
    }

    /// A connection that may make roles: the private cluster's superuser, or the role that the settings name.
    private func administrator(_ folder: DataFolder) async throws -> DatabasePool {
        let url = try await configuration.databaseURL(folder, logger)
        let isPrivate = configuration.databaseURL == nil
        return DatabasePool(
            url: isPrivate ? ConnectionString.setting([("user", "postgres")], in: url) : url, logger: logger)
    }
}

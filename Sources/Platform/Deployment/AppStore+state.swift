package import Foundation
import Postgres

extension AppStore {
    /// The IDs of all apps.
    package func ids() async throws -> Set<UUID> {
        Set(try await database.query("select id from apps").map { try $0.get("id") })
    }

    /// Keeps visitors out for as long as a run changes the app's database.
    package func close(_ app: App, for build: UUID) async throws {
        _ = try await database.execute("update apps set closed_by = \(build) where id = \(app.id)")
    }

    /// Lets visitors in that runs had kept out.
    package func open(after builds: [UUID]) async throws {
        _ = try await database.execute("update apps set closed_by = null where closed_by = any (\(builds))")
    }

    /// The builds whose runs keep visitors out.
    package func closers() async throws -> [UUID] {
        try await database.query("select closed_by from apps where closed_by is not null").map {
            try $0.get("closed_by")
        }
    }
}

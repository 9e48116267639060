package import Foundation
package import Postgres

/// One set-up of Martlet: a database and what belongs to it.
package enum Installation {
    /// Its ID, which labels what it makes in Docker, so that it never touches what another one made.
    package static func id(from database: DatabasePool) async throws -> UUID {
        guard let row = try await database.first("select id from installation") else {
            throw Refusal("the database has no installation ID; its schema was changed by hand")
        }
        return try row.get("id")
    }
}

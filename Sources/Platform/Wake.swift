package import Postgres

/// Tells the daemon that the desired state changed. A lost wake costs at most the time to its next full pass.
package enum Wake {
    /// The channel of `NOTIFY`.
    package static let channel = "martlet"

    /// Wakes the daemon that serves this database, if one does.
    package static func send(over database: DatabasePool) async throws {
        _ = try await database.execute("select pg_notify(\(channel), '')")
    }
}

package import Foundation
package import Postgres

/// Keeps how many processes of each type an app is to have, and how large.
package struct FormationStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// What was set for an app's types of processes, by type; a type for which nothing was set is absent.
    package func entries(of app: App) async throws -> [FormationEntry] {
        try await database.query(
            "select type, quantity, memory_bytes, cpus from formation where app_id = \(app.id) order by type"
        ).map(FormationEntry.init)
    }

    /// Sets what the entries say, all of it or, when it throws, nothing: see `set(_:of:in:)`.
    package func set(_ entries: [FormationEntry], of app: App) async throws {
        try await database.transaction { try await set(entries, of: app.id, in: $0) }
    }

    /// Sets what the entries say, and leaves what they are nil about. A size of 0 takes back what was set.
    package func set(_ entries: [FormationEntry], of app: UUID, in database: some Database) async throws {
        for entry in entries {
            try await database.execute(
                """
                insert into formation as f (app_id, type, quantity, memory_bytes, cpus)
                values (\(app), \(entry.type), \(entry.quantity), nullif(\(entry.memoryBytes), 0), nullif(\(entry.cpus), 0))
                on conflict (app_id, type) do update set quantity = coalesce(excluded.quantity, f.quantity),
                    memory_bytes = nullif(coalesce(\(entry.memoryBytes), f.memory_bytes), 0),
                    cpus = nullif(coalesce(\(entry.cpus), f.cpus), 0)
                """)
        }
    }
}

extension FormationEntry {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            type: try row.get("type"), quantity: try row.get("quantity"), memoryBytes: try row.get("memory_bytes"),
            cpus: try row.get("cpus"))
    }
}

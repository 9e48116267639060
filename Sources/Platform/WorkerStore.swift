package import Foundation
package import Postgres

/// Keeps the workers, and hands them builds. A worker may do so under its own database role only.
package struct WorkerStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Makes the worker known that acts under this connection's role, unless it is.
    package func add(_ name: String) async throws {
        _ = try await database.execute(
            """
            insert into workers (name, role) values (\(name), session_user)
            on conflict (name) do update set role = session_user
            """)
    }

    /// Says that a worker is there, on which machine, and how many builds that takes at once.
    ///
    /// - Returns: how many builds a former process of it left unfinished; they are lost.
    /// - Throws: `DatabaseError` when no such worker is registered for the role of this connection.
    package func register(_ name: String, machine: String, slots: Int) async throws -> Int {
        let row = try await database.first(
            "select register_worker(\(name), \(machine), \(slots)) as lost")
        return try row?.get("lost") ?? 0
    }

    /// Begins the next build that the worker may begin; nil when there is none.
    package func claim(_ name: String) async throws -> Build? {
        try await database.first("select \(unescaped: BuildStore.columns) from claim_build(\(name))").map(Build.init)
    }

    /// Says that the worker is alive and works on `builds`.
    ///
    /// - Returns: those that it must stop.
    package func beat(_ name: String, workingOn builds: [UUID]) async throws -> Set<UUID> {
        let texts = builds.map(\.text)
        let rows = try await database.query("select beat_worker(\(name), \(texts)::text[]::uuid[]) as id")
        return Set(try rows.map { try $0.get("id") })
    }

    /// Hands a build back with what became of it.
    ///
    /// - Returns: whether it was still the worker's: false when it was given up meanwhile.
    package func end(_ build: Build, _ outcome: BuildOutcome, by name: String) async throws -> Bool {
        let row = try await database.first(
            """
            select end_build(\(name), \(build.id), \(try outcome.product?.json)::text::jsonb, \(outcome.summary),
                \(outcome.reason), \(outcome.isSkipped)) as ended
            """)
        return try row?.get("ended") ?? false
    }

    /// Every worker, by name.
    package func list() async throws -> [Worker] {
        try await database.query(
            """
            select name, role, machine, slots, seen_at, last_claimed_at,
                (select count(*) from builds b where b.worker = w.name and b.status = 'running' and b.stage = 'building')
                as building
            from workers w order by name
            """
        ).map { row in
            Worker(
                name: try row.get("name"), role: try row.get("role"), machine: try row.get("machine"),
                slots: try row.get("slots"), seenAt: try row.get("seen_at"),
                lastClaimedAt: try row.get("last_claimed_at"), building: try row.get("building"))
        }
    }
}

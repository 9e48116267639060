package import Postgres

/// Keeps the audit trail: who did what, when, from where, with which result.
package struct EventStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Adds an event. `action` is a verb such as `push`, `object` what it was done to. Neither may hold a secret.
    package func record(_ action: String, _ object: String, by caller: Caller, result: String) async throws {
        _ = try await database.execute(
            """
            insert into events (actor, source, action, object, result)
            values (\(caller.name), \(caller.source), \(action), \(object.escaped), \(result.escaped))
            """)
    }
}

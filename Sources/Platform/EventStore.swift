package import Foundation
package import Postgres

/// Keeps the audit trail: who did what, when, from where, with which result.
package struct EventStore: Sendable {
    /// What Martlet does by itself is done by this name.
    package static let automatic = "martlet"

    private static let columns = "e.id, e.at, e.actor, e.source, e.action, e.object, e.result"
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Adds an event. `action` is a verb such as `push`, `object` what it was done to. Neither may hold a secret.
    ///
    /// - Parameter app: the app that it is about; nil for the one whose name begins the object, unless it is about a user.
    package func record(
        _ action: String, _ object: String, of app: UUID? = nil, by caller: Caller, result: String
    ) async throws {
        try await add(action, object, of: app, by: caller.name, from: caller.source, result: result)
    }

    /// Adds an event of something that Martlet decided on by itself.
    package func record(_ action: String, _ object: String, of app: UUID, result: String) async throws {
        try await add(action, object, of: app, by: Self.automatic, from: "", result: result)
    }

    /// Adds an event of what somebody asked for a while ago.
    ///
    /// - Parameters:
    ///   - actor: the name of who asked.
    ///   - source: the address that they came from; nil when it is not known.
    package func record(
        _ action: String, _ object: String, of app: UUID, by actor: String, from source: String?, result: String
    ) async throws {
        try await add(action, object, of: app, by: actor, from: source ?? "", result: result)
    }

    private func add(
        _ action: String, _ object: String, of app: UUID?, by actor: String, from source: String, result: String
    ) async throws {
        let aboutOthers = ["users.", "keys.", "workers.", "secrets."].contains(where: action.hasPrefix)
        _ = try await database.execute(
            """
            insert into events (actor, source, action, object, result, app_id)
            values (\(actor), \(source), \(action), \(object.escaped), \(result.escaped), coalesce(\(app),
                (select id from apps where name = split_part(\(object), ' ', 1) and not \(aboutOthers))))
            """)
    }

    /// The newest events of an app, newest first.
    package func list(of app: App, limit: Int) async throws -> [Event] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from events e where e.app_id = \(app.id) order by e.id desc limit \(limit)
            """
        ).map(Event.init)
    }

    /// The newest events that `caller` may see, newest first: their own and those of the apps they may see; all for admins.
    package func list(visibleTo caller: Caller, limit: Int) async throws -> [Event] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from events e
            where \(caller.isAdmin) or e.actor = \(caller.name) or e.app_id in (
                select a.id from apps a where a.owner_id = \(caller.userID)
                or exists (select from app_access x where x.app_id = a.id and x.user_id = \(caller.userID)))
            order by e.id desc limit \(limit)
            """
        ).map(Event.init)
    }
}

extension Event {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        at = try row.get("at")
        actor = try row.get("actor")
        source = try row.get("source")
        action = try row.get("action")
        object = try row.get("object")
        result = try row.get("result")
    }
}

package import Foundation
package import Postgres

/// Keeps what people are to be told of their apps, and who was told.
package struct NoticeStore: Sendable {
    /// How many are told at once.
    package static let limit = 10

    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Adds a notice, one line without secrets.
    package func add(_ text: String, of app: UUID) async throws {
        try await database.execute(
            "insert into notices (app_id, text) select id, \(text.escaped) from apps where id = \(app)")
    }

    /// The newest notices that `caller` was not told, of apps that they may see, oldest first; at most ten, none older than
    /// a month. None on the machine itself, where nobody is told from another.
    package func unseen(for caller: Caller) async throws -> [Notice] {
        guard let user = caller.userID else { return [] }
        return try await database.query(
            """
            select n.id, a.name, n.at, n.text from notices n join apps a on a.id = n.app_id
            where n.id > coalesce((select notices_seen from users where id = \(user)), 0)
            and n.at > now() - interval '30 days'
            and (\(caller.isAdmin) or a.owner_id = \(user)
                or exists (select from app_access x where x.app_id = a.id and x.user_id = \(user)))
            order by n.id desc limit \(Self.limit)
            """
        ).map(Notice.init).reversed()
    }

    /// Notes that `caller` was told these, and all before them.
    package func markSeen(_ notices: [Notice], by caller: Caller) async throws {
        guard let last = notices.map(\.id).max(), let user = caller.userID else { return }
        try await database.execute(
            "update users set notices_seen = greatest(notices_seen, \(last)) where id = \(user)")
    }
}

extension Notice {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        app = AppName(stored: try row.get("name"))
        at = try row.get("at")
        text = try row.get("text")
    }
}

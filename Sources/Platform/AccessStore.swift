package import Postgres

/// Keeps who besides its owner may do what with an app.
package struct AccessStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Everyone with access to `app`: its owner, then the others by name. Admins, who may do everything, are not listed.
    package func list(of app: App) async throws -> [(user: UserName, role: String)] {
        let rows = try await database.query(
            """
            select u.name, x.role from app_access x join users u on u.id = x.user_id
            where x.app_id = \(app.id) order by u.name
            """)
        return try [(app.owner, "owner")] + rows.map { (UserName(stored: try $0.get("name")), try $0.get("role")) }
    }

    /// Lets `user` do with `app` what `role` allows, in place of what they could before.
    package func grant(_ role: Role, on app: App, to user: User) async throws {
        _ = try await database.execute(
            """
            insert into app_access (app_id, user_id, role) values (\(app.id), \(user.id), \(role.rawValue))
            on conflict (app_id, user_id) do update set role = excluded.role
            """)
    }

    /// Takes away what `user` may do with `app`.
    ///
    /// - Throws: `Refusal` when they had no access.
    package func revoke(_ user: User, from app: App) async throws {
        let revoked = try await database.execute(
            "delete from app_access where app_id = \(app.id) and user_id = \(user.id)")
        guard revoked == 1 else {
            throw Refusal(
                "user '\(user.name)' has no access of their own to app '\(app.name)'; 'access list' shows who has")
        }
    }
}

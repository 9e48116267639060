package import Foundation
package import Postgres

/// Keeps apps.
package struct AppStore: Sendable {
    let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Every app that `caller` may see, by name.
    package func list(visibleTo caller: Caller) async throws -> [App] {
        try await database.query(
            """
            select a.id, a.name, u.name as owner, a.deploy_branch, a.created_at, a.stopped from apps a join users u on u.id = a.owner_id
            where \(caller.isAdmin) or a.owner_id = \(caller.userID)
            or exists (select from app_access x where x.app_id = a.id and x.user_id = \(caller.userID))
            order by a.name
            """
        ).map(App.init)
    }

    /// The app of that name, for a caller with at least that role.
    ///
    /// - Throws: `Refusal`: the same for an app that does not exist and for one the caller has no access to.
    package func named(_ name: String, for caller: Caller, atLeast needed: Role) async throws -> App {
        let shown = String(name.prefix(60)).escaped
        guard let appName = try? AppName(name), let app = try await find(appName),
            let role = try await role(of: caller, in: app)
        else { throw Refusal.unknownApp(shown) }
        guard role >= needed else { throw Refusal.needs(needed, on: app.name, has: role) }
        return app
    }

    /// The app with that ID; nil when it was destroyed.
    package func find(id: UUID) async throws -> App? {
        try await database.first(
            """
            select a.id, a.name, u.name as owner, a.deploy_branch, a.created_at, a.stopped
            from apps a join users u on u.id = a.owner_id where a.id = \(id)
            """
        ).map(App.init)
    }

    /// The app of that name, whoever may see it; nil when there is none.
    package func find(_ name: AppName) async throws -> App? {
        try await database.first(
            """
            select a.id, a.name, u.name as owner, a.deploy_branch, a.created_at, a.stopped
            from apps a join users u on u.id = a.owner_id where a.name = \(name.description)
            """
        ).map(App.init)
    }

    /// What `caller` may do with `app`; nil when they have no access at all. Owners and admins are maintainers.
    package func role(of caller: Caller, in app: App) async throws -> Role? {
        if caller.isAdmin || caller.name == app.owner.description { return .maintainer }
        let row = try await database.first(
            "select role from app_access where app_id = \(app.id) and user_id = \(caller.userID)")
        return try row.flatMap { Role(rawValue: try $0.get("role", as: String.self)) }
    }

    /// Creates an app that belongs to `owner`.
    ///
    /// - Parameter host: its default host; nil where apps have none.
    /// - Throws: `Refusal` when the name is taken, or the host leads to another app.
    package func create(_ name: AppName, owner: UserName, host: String? = nil) async throws -> App {
        let created = try await database.transaction { transaction in
            try await DomainStore.keepFree(host, transaction)
            return try await transaction.execute(
                """
                insert into apps (name, owner_id) select \(name.description), id from users where name = \(owner.description)
                on conflict do nothing
                """)
        }
        guard created == 1 else {
            if try await find(name) != nil { throw Refusal.appNameTaken(name.description) }
            throw Refusal.unknownUser(owner.description)
        }
        guard let app = try await find(name) else { throw Refusal.unknownApp(name.description) }
        return app
    }

    /// Gives an app another name.
    ///
    /// - Parameter host: its default host from then on; nil where apps have none.
    /// - Throws: `Refusal` when the name is taken, or the host leads to another app or by a domain to this one.
    package func rename(_ app: App, to name: AppName, host: String? = nil) async throws {
        do throws(any Error) {
            try await database.transaction { transaction in
                try await DomainStore.keepFree(host, transaction)
                try await transaction.execute("update apps set name = \(name.description) where id = \(app.id)")
            }
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw Refusal.appNameTaken(name.description)
        }
        try await Wake.send(over: database)
    }

    /// Gives an app to another user.
    package func transfer(_ app: App, to user: User) async throws {
        _ = try await database.execute("update apps set owner_id = \(user.id) where id = \(app.id)")
    }

    /// Chooses the branch whose pushes deploy.
    package func setDeployBranch(_ branch: String, of app: App) async throws {
        _ = try await database.execute("update apps set deploy_branch = \(branch) where id = \(app.id)")
    }

    /// Says whether an app's processes are to run at all.
    package func setStopped(_ isStopped: Bool, of app: UUID, in database: some Database) async throws {
        try await database.execute("update apps set stopped = \(isStopped) where id = \(app)")
    }

    /// Forgets an app and everything kept of it, leaving a note for the daemon to remove what is on disk and in Docker.
    package func destroy(_ app: App) async throws {
        try await database.transaction { transaction in
            _ = try await transaction.execute(
                "insert into removals (app_id, name) values (\(app.id), \(app.name.description)) on conflict do nothing"
            )
            _ = try await transaction.execute("delete from apps where id = \(app.id)")
        }
        try await Wake.send(over: database)
    }

    /// The IDs of destroyed apps whose remains are still there.
    package func removals() async throws -> [UUID] {
        try await database.query("select app_id from removals").map { try $0.get("app_id") }
    }

    /// Notes that nothing remains of a destroyed app.
    package func removed(_ id: UUID) async throws {
        _ = try await database.execute("delete from removals where app_id = \(id)")
    }
}

extension App {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        name = AppName(stored: try row.get("name"))
        owner = UserName(stored: try row.get("owner"))
        deployBranch = try row.get("deploy_branch")
        createdAt = try row.get("created_at")
        isStopped = try row.get("stopped")
    }
}

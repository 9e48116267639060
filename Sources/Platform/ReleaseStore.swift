package import Foundation
package import Postgres

/// Keeps releases: the desired state of every app.
package struct ReleaseStore: Sendable {
    static let columns = """
        id, app_id, number, build_id, branch, commit, updates, product::text as product, config, status, created_by, message, \
        created_at, live_at, summary, guard_until, weight, product ? 'removed' as removed
        """
    let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Adds the release that a build made, under the app's next number, with status `starting`.
    ///
    /// - Parameters:
    ///   - origin: the release that is made again; nil for what was built.
    ///   - summary: as in `Release.summary`.
    ///   - config: seals the variables of its processes, in the same transaction.
    package func create(
        from build: Build, product: BuildProduct, again origin: Release? = nil, updates: String, summary: String? = nil,
        config: (DatabaseTransaction) async throws -> [UInt8]?
    ) async throws -> Release {
        try await database.transaction { transaction in
            let sealed = try await config(transaction)
            let rows = try await transaction.query(
                """
                insert into releases (app_id, number, build_id, branch, commit, updates, product, config, created_by, message,
                    summary)
                select \(build.appID), coalesce(max(number), 0) + 1, \(build.id), \(origin?.branch ?? build.branch),
                    \(origin?.commit ?? build.commit), \(updates),
                    \(try product.json)::text::jsonb, \(sealed), \(build.createdBy), \(build.message),
                    \(summary)
                from releases where app_id = \(build.appID)
                returning \(unescaped: Self.columns)
                """)
            guard let row = rows.first else { throw Refusal("the app was destroyed meanwhile") }
            return try Release(row)
        }
    }

    /// The newest releases of an app, newest first.
    package func list(of app: App, limit: Int) async throws -> [Release] {
        try await database.query(
            "select \(unescaped: Self.columns) from releases where app_id = \(app.id) order by number desc limit \(limit)"
        ).map(Release.init)
    }

    /// The app's release that serves; nil before the first.
    package func live(of appID: UUID) async throws -> Release? {
        try await database.first(
            "select \(unescaped: Self.columns) from releases where app_id = \(appID) and status = 'live'"
        ).map(Release.init)
    }

    /// The app's release of that number.
    ///
    /// - Throws: `Refusal` when there is none.
    package func find(_ number: Int, of app: App) async throws -> Release {
        let row = try await database.first(
            "select \(unescaped: Self.columns) from releases where app_id = \(app.id) and number = \(number)")
        guard let row else { throw Refusal.unknownRelease(number, of: app.name) }
        return try Release(row)
    }

    /// The app's release that serves a share of its requests beside the live one; nil when there is none.
    package func canary(of appID: UUID) async throws -> Release? {
        try await database.first(
            "select \(unescaped: Self.columns) from releases where app_id = \(appID) and status = 'canary'"
        ).map(Release.init)
    }

    /// The newest release before that number that served once; nil when there is none.
    package func served(before number: Int, of app: App) async throws -> Release? {
        try await database.first(
            """
            select \(unescaped: Self.columns) from releases
            where app_id = \(app.id) and number < \(number) and live_at is not null and status = 'retired'
            order by number desc limit 1
            """
        ).map(Release.init)
    }

    /// The release to which the guard goes back from that number: the newest before it that outlived its own guard or, where
    /// none did, that served at all; nil when there is none.
    package func proven(before number: Int, of app: App) async throws -> Release? {
        try await database.first(
            """
            select \(unescaped: Self.columns) from releases
            where app_id = \(app.id) and number < \(number) and live_at is not null and status = 'retired'
            order by guard_until is null desc, number desc limit 1
            """
        ).map(Release.init)
    }

    /// The release whose image or site an intent deploys: the live one for a refresh, else the one it names; nil when it
    /// is for what is built, or nothing is live any more.
    ///
    /// - Throws: `Refusal` when there is none of the number it names.
    package func source(of intent: DeployIntent, for app: App) async throws -> Release? {
        if intent.isRefresh { return try await live(of: app.id) }
        guard let number = intent.product else { return nil }
        return try await find(number, of: app)
    }

    /// The release with that ID; nil when its app was destroyed.
    package func find(id: UUID) async throws -> Release? {
        try await database.first("select \(unescaped: Self.columns) from releases where id = \(id)").map(Release.init)
    }

    /// Every release with that status.
    package func all(_ status: Release.Status) async throws -> [Release] {
        try await database.query(
            "select \(unescaped: Self.columns) from releases where status = \(status.rawValue) order by created_at"
        ).map(Release.init)
    }

    /// Moves a release from one status to another.
    ///
    /// - Returns: whether it was in `from`.
    package func move(_ release: Release, from: Release.Status, to: Release.Status) async throws -> Bool {
        try await database.execute(
            "update releases set status = \(to.rawValue) where id = \(release.id) and status = \(from.rawValue)") == 1
    }
}

extension Release {
    init(_ row: Row) throws {
        id = try row.get("id")
        appID = try row.get("app_id")
        number = try row.get("number")
        buildID = try row.get("build_id")
        branch = try row.get("branch")
        commit = try row.get("commit")
        updates = try row.get("updates")
        product = try BuildProduct(json: row.get("product"))
        config = try row.get("config")
        status = Status(rawValue: try row.get("status", as: String.self)) ?? .failed
        createdBy = try row.get("created_by")
        message = try row.get("message")
        createdAt = try row.get("created_at")
        liveAt = try row.get("live_at")
        summary = try row.get("summary")
        guardUntil = try row.get("guard_until")
        weight = try row.get("weight")
        isRemoved = try row.get("removed")
    }
}

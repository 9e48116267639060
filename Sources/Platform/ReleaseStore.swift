package import Foundation
package import Postgres

/// Keeps releases: the desired state of every app.
package struct ReleaseStore: Sendable {
    private static let columns = """
        id, app_id, number, build_id, branch, commit, updates, product::text as product, config, status, created_by, message, \
        created_at, live_at
        """
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Adds the release that a build made, under the app's next number, with status `starting`.
    ///
    /// - Parameter config: seals the variables of its processes, in the same transaction.
    package func create(
        from build: Build, product: BuildProduct, updates: String,
        config: (DatabaseTransaction) async throws -> [UInt8]?
    ) async throws -> Release {
        try await database.transaction { transaction in
            let sealed = try await config(transaction)
            let rows = try await transaction.query(
                """
                insert into releases (app_id, number, build_id, branch, commit, updates, product, config, created_by, message)
                select \(build.appID), coalesce(max(number), 0) + 1, \(build.id), \(build.branch), \(build.commit), \(updates),
                    \(try product.json)::text::jsonb, \(sealed), \(build.createdBy), \(build.message)
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

    /// Makes a release the live one: the former is retired and its processes drain until `drainUntil`; its build succeeded;
    /// its branch is the app's deploy branch if there was none. All or nothing.
    package func goLive(_ release: Release, drainUntil: Date) async throws {
        try await database.transaction { transaction in
            _ = try await transaction.execute(
                """
                update processes p set state = 'draining', drain_until = \(drainUntil) from releases r
                where r.id = p.release_id and r.app_id = \(release.appID) and r.id <> \(release.id)
                and p.state in ('starting', 'running')
                """)
            _ = try await transaction.execute(
                "update releases set status = 'retired' where app_id = \(release.appID) and status = 'live' and id <> \(release.id)"
            )
            _ = try await transaction.execute(
                """
                update releases set status = 'failed'
                where app_id = \(release.appID) and status = 'switching' and number < \(release.number)
                """)
            _ = try await transaction.execute(
                "update releases set status = 'live', live_at = coalesce(live_at, now()) where id = \(release.id)")
            _ = try await transaction.execute(
                "update apps set deploy_branch = \(release.branch) where id = \(release.appID) and deploy_branch is null"
            )
            _ = try await transaction.execute(
                """
                update builds set status = 'succeeded', reason = null
                where id = \(release.buildID)
                """)
        }
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
    }
}

package import Foundation
package import Postgres

extension ReleaseStore {
    /// What holds from the moment on at which a release is live.
    package struct Switch: Sendable {
        /// For how long the old processes of a type go on with what they do, in seconds; the product is their release's.
        package var drain: @Sendable (BuildProduct, String) -> Double
        /// Until when it is watched; nil for not at all.
        package var guardUntil: Date?
        /// Whether the former release did not do well: nobody wants to go back to it.
        package var isRescue: Bool

        package init(
            drain: @escaping @Sendable (BuildProduct, String) -> Double, guardUntil: Date?, isRescue: Bool = false
        ) {
            self.drain = drain
            self.guardUntil = guardUntil
            self.isRescue = isRescue
        }
    }

    /// Makes a release the live one: the former is retired and a canary is over, and their processes drain; its build
    /// succeeded; its branch is the app's deploy branch if there was none; visitors are let in. All or nothing; who waits for
    /// a `Wake` gets one.
    ///
    /// - Parameter also: what is to happen in the same transaction.
    package func goLive(
        _ release: Release, _ change: Switch, also: (DatabaseTransaction) async throws -> Void = { _ in }
    ) async throws {
        try await database.transaction { transaction in
            try await drain(ofApp: release.appID, except: release.id, only: nil, change.drain, in: transaction)
            for statement in Self.endOthers(than: release, areBad: change.isRescue) {
                _ = try await transaction.execute(statement)
            }
            _ = try await transaction.execute(
                """
                update releases set status = 'live', live_at = coalesce(live_at, now()), weight = null,
                    guard_until = \(change.guardUntil)
                where id = \(release.id)
                """)
            _ = try await transaction.execute(
                """
                update apps set deploy_branch = coalesce(deploy_branch, \(release.branch)), closed_by = null
                where id = \(release.appID)
                """)
            _ = try await transaction.execute(
                "update builds set status = 'succeeded', reason = null where id = \(release.buildID)")
            try await also(transaction)
            // Old processes drain, and a host that begins to serve may want a certificate.
            _ = try await transaction.query("select pg_notify(\(Wake.channel), '')")
        }
    }

    private static func endOthers(than release: Release, areBad: Bool) -> [Query] {
        [
            """
            update releases set status = \(areBad ? "failed" : "retired"),
                guard_until = case when guard_until > now() then guard_until end
            where app_id = \(release.appID) and status = 'live' and id <> \(release.id)
            """,
            """
            update releases set status = 'failed'
            where app_id = \(release.appID) and id <> \(release.id)
            and (status = 'canary' or (status = 'switching' and number < \(release.number)))
            """,
        ]
    }

    /// Lets the processes of an app's releases drain: of all but one, or of one only.
    private func drain(
        ofApp app: UUID, except kept: UUID?, only: UUID?, _ seconds: (BuildProduct, String) -> Double,
        in transaction: DatabaseTransaction
    ) async throws {
        let rows = try await transaction.query(
            """
            select p.id, p.type, r.product::text as product from processes p join releases r on r.id = p.release_id
            where r.app_id = \(app) and p.state in ('starting', 'running')
            and (\(kept)::uuid is null or r.id <> \(kept)) and (\(only)::uuid is null or r.id = \(only))
            """)
        for row in rows {
            let product = try BuildProduct(json: row.get("product"))
            let until = Date(timeIntervalSinceNow: seconds(product, try row.get("type")))
            _ = try await transaction.execute(
                """
                update processes set state = 'draining', drain_until = \(until)
                where id = \(try row.get("id", as: UUID.self))
                """)
        }
    }

    /// Lets a release have a share of the requests, in percent, beside the live one.
    ///
    /// - Returns: whether it was being started.
    package func makeCanary(_ release: Release, share: Int) async throws -> Bool {
        try await database.execute(
            """
            update releases set status = 'canary', weight = \(share)
            where id = \(release.id) and status = 'starting'
            """) == 1
    }

    /// Takes all requests from a canary, whose processes drain.
    ///
    /// - Returns: whether it was one.
    package func endCanary(_ release: Release, drain: (BuildProduct, String) -> Double) async throws -> Bool {
        try await database.transaction { transaction in
            let ended = try await transaction.execute(
                "update releases set status = 'failed' where id = \(release.id) and status = 'canary'")
            guard ended == 1 else { return false }
            try await self.drain(
                ofApp: release.appID, except: nil, only: release.id, drain, in: transaction)
            return true
        }
    }

    /// Ends the watch over a release.
    package func endGuard(of release: Release) async throws {
        _ = try await database.execute("update releases set guard_until = null where id = \(release.id)")
    }
}

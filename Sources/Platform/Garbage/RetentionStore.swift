package import Foundation
package import Postgres

/// Reads what refers to images, sites and builds, and forgets what nothing refers to.
package struct RetentionStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Everything by which the images and sites of an app are referred to.
    package func references(of app: UUID) async throws -> ProductReferences {
        try await Self.references(of: app, in: database)
    }

    /// Runs `body` with what refers to an app's images and sites, while nobody can ask for a deployment of it: what nothing
    /// refers to then may be removed by `body`, and whoever asks afterwards finds that it is gone.
    package func withReferences<Value: Sendable>(
        of app: UUID, _ body: (ProductReferences) async throws -> Value
    ) async throws -> Value {
        try await database.transaction { transaction in
            // The same row that whoever queues a build locks first.
            _ = try await transaction.query("select id from apps where id = \(app) for no key update")
            return try await body(try await Self.references(of: app, in: transaction))
        }
    }

    /// The ID of each app's live release.
    package func liveReleases() async throws -> [UUID: UUID] {
        let rows = try await database.query("select app_id, id from releases where status = 'live'")
        let pairs = try rows.map { (try $0.get("app_id", as: UUID.self), try $0.get("id", as: UUID.self)) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private static func references(of app: UUID, in database: some Database) async throws -> ProductReferences {
        let columns = ReleaseStore.columns.replacing(" config,", with: " null::bytea as config,")
        let releases = try await database.query(
            "select \(unescaped: columns) from releases where app_id = \(app) order by number desc")
        let busy = try await database.query(
            """
            select distinct p.release_id from processes p join releases r on r.id = p.release_id
            where r.app_id = \(app) and p.state <> 'stopped'
            """)
        let unfinished = try await database.query(
            "select \(unescaped: BuildStore.columns) from builds where app_id = \(app) and finished_at is null")
        let products = try await database.query(
            """
            select number, product::text as product from builds b where app_id = \(app) and product is not null
            and (number = (select max(number) from builds where app_id = \(app) and product is not null)
                or exists (select from builds u where u.app_id = \(app) and u.finished_at is null and u.commit = b.commit))
            """)
        return ProductReferences(
            releases: try releases.map(Release.init), busy: Set(try busy.map { try $0.get("release_id") }),
            unfinished: try unfinished.map(Build.init),
            products: Dictionary(
                uniqueKeysWithValues: try products.map {
                    (try $0.get("number", as: Int.self), try BuildProduct(json: $0.get("product")))
                }))
    }

    /// The finished builds of an app beyond its newest `keep`, without those that `releases` were made by and what was built
    /// last. Their logs go with them.
    ///
    /// - Parameter isDry: whether they stay for now.
    /// - Returns: their numbers, ascending, and how many lines of log they have in all.
    package func forgetBuilds(
        of app: UUID, keep: Int, releases: [Release], isDry: Bool
    ) async throws -> (numbers: [Int], lines: Int) {
        let rows = try await database.query(
            """
            select id, number, log_lines from builds where app_id = \(app) and finished_at is not null
            and number <= (select max(number) from builds where app_id = \(app)) - \(keep)
            and number <> (select coalesce(max(number), 0) from builds where app_id = \(app) and product is not null)
            and not id = any (\(releases.compactMap(\.buildID))) order by number
            """)
        if !isDry, !rows.isEmpty {
            let ids = try rows.map { try $0.get("id", as: UUID.self) }
            _ = try await database.execute("delete from builds where id = any (\(ids)) and finished_at is not null")
        }
        return (
            try rows.map { try $0.get("number", as: Int.self) },
            try rows.reduce(0) { $0 + (try $1.get("log_lines", as: Int.self)) }
        )
    }

    /// Notes which releases of an app can be rolled back to no more since their image or site is gone, and that all others
    /// can.
    package func setRemoved(_ numbers: [Int], of app: UUID) async throws {
        let texts = numbers.map(String.init)
        _ = try await database.execute(
            """
            update releases set product = case when number::text = any (\(texts)) then product || '{"removed": true}'
                else product - 'removed' end
            where app_id = \(app) and (product ? 'removed') <> (number::text = any (\(texts)))
            """)
    }
}

import Foundation
package import Postgres

/// Keeps the processes of releases.
package struct ProcessStore: Sendable {
    private static let columns =
        "p.id, r.app_id, p.release_id, p.type, p.index, p.container, p.address, p.state, p.drain_until"
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Notes that a process of a release is about to be started.
    package func add(type: String, index: Int, of release: Release) async throws -> AppProcess {
        _ = try await database.execute(
            """
            insert into processes (release_id, type, index) values (\(release.id), \(type), \(index))
            on conflict (release_id, type, index)
            do update set state = 'starting', container = null, address = null, drain_until = null
            """)
        guard let process = try await list(of: release).first(where: { $0.type == type && $0.index == index }) else {
            throw Refusal("the app was destroyed meanwhile")
        }
        return process
    }

    /// The processes of a release.
    package func list(of release: Release) async throws -> [AppProcess] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from processes p join releases r on r.id = p.release_id
            where r.id = \(release.id) order by p.type, p.index
            """
        ).map(AppProcess.init)
    }

    /// Every process that is wanted or on its way out, of all apps.
    package func notStopped() async throws -> [AppProcess] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from processes p join releases r on r.id = p.release_id
            where p.state <> 'stopped' order by r.created_at
            """
        ).map(AppProcess.init)
    }

    /// Notes the container in which a process starts.
    package func setContainer(_ container: String, of process: AppProcess) async throws {
        _ = try await database.execute("update processes set container = \(container) where id = \(process.id)")
    }

    /// Notes that a process answers at `address`, unless it is on its way out by now.
    package func setRunning(_ process: AppProcess, at address: String) async throws {
        _ = try await database.execute(
            """
            update processes set state = 'running', address = \(address)
            where id = \(process.id) and state in ('starting', 'running')
            """)
    }

    /// Notes that a process is gone.
    package func setStopped(_ process: AppProcess) async throws {
        _ = try await database.execute("update processes set state = 'stopped' where id = \(process.id)")
    }

    /// Notes that no process of a failed release is wanted.
    package func stopFailed() async throws {
        _ = try await database.execute(
            """
            update processes p set state = 'stopped' from releases r
            where r.id = p.release_id and r.status = 'failed' and p.state <> 'stopped'
            """)
    }

    /// What serves one app.
    package struct Service: Sendable {
        package let app: AppName
        /// `ADDRESS:PORT` of each web process.
        package let addresses: [String]
        /// The files that are served instead; nil for an app that runs.
        package let site: BuildProduct.Site?
    }

    /// What serves each app: its newest release that is live or being switched to. An app that has neither is absent.
    package func services() async throws -> [Service] {
        let rows = try await database.query(
            """
            select distinct on (a.id) a.name, r.product::text as product,
                (select string_agg(p.address, ' ' order by p.index) from processes p
                 where p.release_id = r.id and p.type = 'web' and p.state = 'running') as addresses
            from apps a join releases r on r.app_id = a.id and r.status in ('switching', 'live')
            order by a.id, r.number desc
            """)
        return try rows.map { row in
            let addresses = try row.get("addresses", as: String?.self) ?? ""
            return Service(
                app: AppName(stored: try row.get("name")), addresses: addresses.split(separator: " ").map(String.init),
                site: try BuildProduct(json: row.get("product")).site)
        }
    }
}

extension AppProcess {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        appID = try row.get("app_id")
        releaseID = try row.get("release_id")
        type = try row.get("type")
        index = try row.get("index")
        container = try row.get("container")
        address = try row.get("address")
        state = State(rawValue: try row.get("state", as: String.self)) ?? .stopped
        drainUntil = try row.get("drain_until")
    }
}

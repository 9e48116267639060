package import Postgres

/// Tells how the processes of apps are.
package struct ProcessReportStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// The processes of an app that run, start or end, of all its releases: the newest release first, then by type.
    package func list(of app: App) async throws -> [ProcessReport] {
        try await database.query(
            """
            select r.number, p.type, p.index, p.state, p.ready, p.restarts, p.started_at, p.address, p.container, p.problem
            from processes p join releases r on r.id = p.release_id
            where r.app_id = \(app.id) and p.state <> 'stopped' order by r.number desc, p.type, p.index
            """
        ).map(ProcessReport.init)
    }

    /// Why the process of a release that was tried last could not be started, by type; nothing for types of which it could.
    package func failures(of release: Release) async throws -> [String: String] {
        let rows = try await database.query(
            """
            select type, problem from (
                select distinct on (type) type, problem, state from processes
                where release_id = \(release.id) order by type, created_at desc) latest
            where state = 'stopped' and problem is not null
            """)
        return try rows.reduce(into: [:]) { $0[try $1.get("type")] = try $1.get("problem", as: String.self) }
    }
}

extension ProcessReport {
    init(_ row: Row) throws(DatabaseError) {
        release = try row.get("number")
        type = try row.get("type")
        index = try row.get("index")
        state = AppProcess.State(rawValue: try row.get("state", as: String.self)) ?? .stopped
        isReady = try row.get("ready")
        restarts = try row.get("restarts")
        startedAt = try row.get("started_at")
        address = try row.get("address")
        container = try row.get("container")
        problem = try row.get("problem")
    }
}

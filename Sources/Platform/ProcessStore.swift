package import Foundation
package import Postgres

/// Keeps the processes of releases.
package struct ProcessStore: Sendable {
    private static let columns = """
        p.id, r.app_id, p.release_id, p.type, p.index, p.container, p.address, p.state, p.ready, p.restarts, \
        p.started_at, p.problem, p.drain_until
        """
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Notes that a process of a release is about to be started.
    ///
    /// - Throws: `Refusal` when its app was destroyed meanwhile.
    package func add(type: String, index: Int, of release: Release) async throws -> AppProcess {
        let row = try await database.first(
            """
            with p as (
                insert into processes (release_id, type, index)
                select id, \(type), \(index) from releases where id = \(release.id) returning *)
            select \(unescaped: Self.columns) from p join releases r on r.id = p.release_id
            """)
        guard let row else { throw Refusal("the app was destroyed meanwhile") }
        return try AppProcess(row)
    }

    /// The processes of a release that are wanted or on their way out.
    package func list(of release: Release) async throws -> [AppProcess] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from processes p join releases r on r.id = p.release_id
            where r.id = \(release.id) and p.state <> 'stopped' order by p.type, p.index, p.started_at
            """
        ).map(AppProcess.init)
    }

    /// Every process that is wanted or on its way out, of one app or all.
    package func notStopped(of app: UUID? = nil) async throws -> [AppProcess] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from processes p join releases r on r.id = p.release_id
            where p.state <> 'stopped' and (\(app)::uuid is null or r.app_id = \(app))
            order by r.created_at, p.type, p.index
            """
        ).map(AppProcess.init)
    }

    /// Notes the container in which a process starts.
    package func setContainer(_ container: String, of process: UUID) async throws {
        _ = try await database.execute("update processes set container = \(container) where id = \(process)")
    }

    /// Notes where a process answers that is not to be used yet.
    package func setAddress(_ address: String, of process: AppProcess) async throws {
        _ = try await database.execute("update processes set address = \(address) where id = \(process.id)")
    }

    /// Notes that processes are to be used, and at once that others are not: one set takes the other's place. The old ones
    /// have no address any more by which anything could be sent to them.
    package func exchange(_ old: [AppProcess], for new: [AppProcess]) async throws {
        try await database.transaction { transaction in
            _ = try await transaction.execute(
                """
                update processes set state = 'running', started_at = coalesce(started_at, now()), ready = true
                where id = any (\(new.map(\.id))) and state = 'starting'
                """)
            _ = try await transaction.execute(
                "update processes set ready = false, address = null where id = any (\(old.map(\.id)))")
        }
    }

    /// Notes that a process answers at `address`, unless it is on its way out by now.
    package func setRunning(_ process: AppProcess, at address: String, restarts: Int = 0) async throws {
        _ = try await database.execute(
            """
            update processes set state = 'running', address = \(address), restarts = \(restarts),
                started_at = case when state = 'running' and restarts = \(restarts) then started_at else now() end
            where id = \(process.id) and state in ('starting', 'running')
            """)
    }

    /// Notes whether requests may go to a process, and what is wrong with it.
    package func setHealth(of process: AppProcess, isReady: Bool, problem: String?) async throws {
        _ = try await database.execute(
            "update processes set ready = \(isReady), problem = \(problem) where id = \(process.id)")
    }

    /// Notes what is wrong with a process; nil when nothing is any more.
    ///
    /// - Parameter restarts: how often the engine has started it again by now; nil when that is not known.
    package func setProblem(_ problem: String?, restarts: Int? = nil, of process: AppProcess) async throws {
        _ = try await database.execute(
            """
            update processes set problem = \(problem), restarts = coalesce(\(restarts), restarts) where id = \(process.id)
            """)
    }

    /// Notes that a process is out of the routes, and until when it may go on with what it does.
    package func drain(_ process: AppProcess, until: Date) async throws {
        _ = try await database.execute(
            """
            update processes set state = 'draining', drain_until = \(until)
            where id = \(process.id) and state in ('starting', 'running')
            """)
    }

    /// Notes that a process is gone.
    package func setStopped(_ process: AppProcess) async throws {
        _ = try await database.execute("update processes set state = 'stopped' where id = \(process.id)")
    }

    /// Notes that no process of a failed release is wanted, but for those that finish what they do.
    package func stopFailed() async throws {
        _ = try await database.execute(
            """
            update processes p set state = 'stopped' from releases r
            where r.id = p.release_id and r.status = 'failed' and p.state in ('starting', 'running')
            """)
    }

    /// Forgets processes that ended more than a day ago.
    package func forgetOld() async throws {
        _ = try await database.execute(
            """
            delete from processes p using releases r
            where r.id = p.release_id and p.state = 'stopped' and r.status in ('retired', 'failed')
            and r.created_at < now() - interval '1 day'
            """)
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
        isReady = try row.get("ready")
        restarts = try row.get("restarts")
        startedAt = try row.get("started_at")
        problem = try row.get("problem")
        drainUntil = try row.get("drain_until")
    }
}

package import Foundation
package import Postgres

/// Keeps builds, which are also the queue of what is to be deployed, and their logs.
package struct BuildStore: Sendable {
    private static let columns =
        "id, app_id, number, branch, commit, status, created_by, message, reason, created_at, started_at, finished_at"
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Puts a build at the end of its app's queue, under the next number.
    package func enqueue(app: App, branch: String, commit: String, by user: String, message: String?) async throws
        -> Build
    {
        try await database.transaction { transaction in
            // The row lock makes numbers follow each other.
            _ = try await transaction.query("select id from apps where id = \(app.id) for update")
            let rows = try await transaction.query(
                """
                insert into builds (app_id, number, branch, commit, created_by, message)
                select \(app.id), coalesce(max(number), 0) + 1, \(branch), \(commit), \(user), \(message)
                from builds where app_id = \(app.id)
                returning \(unescaped: Self.columns)
                """)
            guard let row = rows.first else { throw Refusal.unknownApp(app.name.description) }
            return try Build(row)
        }
    }

    /// The newest builds of an app, newest first.
    package func list(of app: App, limit: Int) async throws -> [Build] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from builds where app_id = \(app.id) order by number desc limit \(limit)
            """
        ).map(Build.init)
    }

    /// The app's build of that number, or its newest when nil.
    ///
    /// - Throws: `Refusal` when there is none.
    package func find(_ number: Int?, of app: App) async throws -> Build {
        let row = try await database.first(
            """
            select \(unescaped: Self.columns) from builds
            where app_id = \(app.id) and number = coalesce(\(number), (select max(number) from builds where app_id = \(app.id)))
            """)
        guard let row else {
            throw number.map { Refusal.unknownBuild($0, of: app.name) } ?? Refusal.noBuilds(of: app.name)
        }
        return try Build(row)
    }

    /// Notes that a queued build runs now.
    package func start(_ build: Build) async throws {
        _ = try await database.execute(
            "update builds set status = 'running', started_at = now() where id = \(build.id)")
    }

    /// Notes how a build ended; the first end stays.
    package func finish(_ build: Build, _ status: Build.Status, reason: String?) async throws {
        _ = try await database.execute(
            """
            update builds set status = \(status.rawValue), reason = \(reason), finished_at = now()
            where id = \(build.id) and status in ('queued', 'running')
            """)
    }

    /// Every build that has not ended: at the daemon's start, what its predecessor left.
    package func unfinished() async throws -> [Build] {
        try await database.query(
            "select \(unescaped: Self.columns) from builds where status in ('queued', 'running') order by created_at"
        ).map(Build.init)
    }

    /// Adds lines to a build's log, numbered from `sequence` on.
    package func append(_ lines: [LogLine], to build: UUID, from sequence: Int) async throws {
        _ = try await database.execute(
            """
            insert into build_log (build_id, sequence, stream, line)
            select \(build), \(sequence) + n - 1, s, l
            from unnest(\(lines.map(\.stream.rawValue))::text[], \(lines.map(\.text))::text[]) with ordinality as t (s, l, n)
            """)
    }

    /// The lines of a build's log from `sequence` on, at most `limit`.
    package func log(of build: UUID, from sequence: Int, limit: Int) async throws -> [LogLine] {
        try await database.query(
            """
            select stream, line from build_log where build_id = \(build) and sequence >= \(sequence)
            order by sequence limit \(limit)
            """
        ).map { row in
            LogLine(LogLine.Stream(rawValue: try row.get("stream", as: String.self)) ?? .martlet, try row.get("line"))
        }
    }
}

extension Build {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        appID = try row.get("app_id")
        number = try row.get("number")
        branch = try row.get("branch")
        commit = try row.get("commit")
        status = Status(rawValue: try row.get("status", as: String.self)) ?? .failed
        createdBy = try row.get("created_by")
        message = try row.get("message")
        reason = try row.get("reason")
        createdAt = try row.get("created_at")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
    }
}

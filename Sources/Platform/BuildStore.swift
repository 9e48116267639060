package import Foundation
package import Postgres

/// Keeps builds, which are also the queue of what is to be deployed.
package struct BuildStore: Sendable {
    static let columns = """
        id, app_id, number, branch, commit, status, stage, created_by, message, reason, created_at, started_at, \
        finished_at, updates, source, key, detached, no_cache, worker, cancelled_by, \
        product::text as product, summary, skipped, log_lines, kind, intent::text as intent
        """
    /// What the intent of a refresh holds: see `DeployIntent.isCoveredByLater`.
    private static let refresh = #"'{"action": "deploy", "isRefresh": true, "isAutomatic": false}'"#
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Puts a build into the queue, under the app's next number.
    ///
    /// What waits and would be done by it as well gives way: builds to a build, and refreshes
    /// (`DeployIntent.isCoveredByLater`) to a build and to a refresh. Everything else takes its turn, canaries among it.
    package func enqueue(_ request: BuildRequest, for app: App) async throws -> Build {
        let kind: Build.Kind = request.intent.map(\.needsBuild) ?? true ? .build : .deploy
        let intent = try request.intent.map { try String(decoding: JSONEncoder().encode($0), as: UTF8.self) }
        return try await database.transaction { transaction in
            // The row lock makes numbers follow each other.
            _ = try await transaction.query("select id from apps where id = \(app.id) for update")
            let rows = try await transaction.query(
                """
                insert into builds (id, app_id, number, branch, commit, created_by, message, updates, source, key,
                    detached, no_cache, kind, intent)
                select \(request.id), \(app.id), coalesce(max(number), 0) + 1, \(request.branch), \(request.commit),
                    \(request.user), \(request.message), \(request.updates), \(request.source), \(request.key),
                    \(request.isDetached), \(request.noCache), \(kind.rawValue), \(intent)::text::jsonb
                from builds where app_id = \(app.id)
                returning \(unescaped: Self.columns)
                """)
            guard let row = rows.first else { throw Refusal.unknownApp(app.name.description) }
            let build = try Build(row)
            try await supersede(build, in: transaction)
            _ = try await transaction.query("select pg_notify(\(BuildFeed.queueChannel), '')")
            return build
        }
    }

    /// Lets workers begin a queued build, with a hash that stands for everything beside the commit that it is made of.
    package func makeReady(_ build: Build, configHash: String) async throws {
        _ = try await database.query(
            """
            with ready as (update builds set config_hash = \(configHash) where id = \(build.id) and kind = 'build')
            select pg_notify(\(BuildFeed.queueChannel), '')
            """)
    }

    /// Those of the app that still wait make room, if `newer` does what they would. One that is being claimed this moment
    /// goes on.
    private func supersede(_ newer: Build, in transaction: DatabaseTransaction) async throws {
        guard newer.intent?.canary == nil, newer.kind == .build || newer.intent?.isCoveredByLater == true else {
            return
        }
        let reason = "build \(newer.number) by \(newer.createdBy) took its place in the queue"
        _ = try await transaction.query(
            """
            with old as (
                update builds set status = 'superseded', reason = \(reason)
                where app_id = \(newer.appID) and status = 'queued' and id <> \(newer.id)
                and intent -> 'canary' is null and (kind = \(newer.kind.rawValue) or kind = 'deploy')
                and (kind = 'build' or intent -> 'config' is null and intent @> \(unescaped: Self.refresh))
                returning id)
            select pg_notify(\(BuildFeed.channel), id::text) from old
            """)
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

    /// The build with that ID; nil when its app was destroyed.
    package func find(id: UUID) async throws -> Build? {
        try await database.first("select \(unescaped: Self.columns) from builds where id = \(id)").map(Build.init)
    }

    /// The newest build of an app whose product was made from that commit and configuration; nil when there is none.
    package func made(from commit: String, _ configHash: String, of app: App) async throws -> Build? {
        try await database.first(
            """
            select \(unescaped: Self.columns) from builds
            where app_id = \(app.id) and commit = \(commit) and config_hash = \(configHash) and product is not null
            order by number desc limit 1
            """
        ).map(Build.init)
    }

    /// Begins to deploy a build: one that is built, or one that waits: with a product from elsewhere, or, where nothing is
    /// to be deployed, with none.
    ///
    /// - Returns: whether it could: false while its app has another run that deploys, or that builds where this is a build
    ///   too; and when it was cancelled.
    package func startDeploying(_ build: Build, product: BuildProduct?) async throws -> Bool {
        let json = try product?.json
        do throws(any Error) {
            return try await database.execute(
                """
                update builds set status = 'running', stage = 'deploying', product = coalesce(\(json)::text::jsonb, product),
                    started_at = coalesce(started_at, now()), heartbeat_at = now()
                where id = \(build.id) and cancelled_by is null
                and (status = 'queued' or (status = 'running' and stage = 'built'))
                """) == 1
        } catch let error as DatabaseError where error.isUniqueViolation {
            return false
        }
    }

    /// Asks for the end of a build, whoever works on it.
    ///
    /// - Returns: whether there was anything to end.
    package func cancel(_ build: UUID, by user: String) async throws -> Bool {
        let rows = try await database.query(
            """
            with cancelled as (
                update builds set cancelled_by = coalesce(cancelled_by, \(user))
                where id = \(build) and status in ('queued', 'running') returning id)
            select pg_notify(\(BuildFeed.channel), id::text), pg_notify(\(BuildFeed.queueChannel), '') from cancelled
            """)
        return !rows.isEmpty
    }

    /// Gives a build up whose worker has not been heard of for a minute.
    package func giveUpIfLost(_ build: Build) async throws {
        _ = try await database.execute(
            """
            update builds set stage = 'built', summary = 'build failed',
                reason = 'its worker ''' || worker || ''' was not heard of for 60 s; ''builds retry'' tries again'
            where id = \(build.id) and status = 'running' and stage = 'building'
            and heartbeat_at < now() - interval '60 seconds'
            """)
    }

    /// Notes how a build ended, and tells those of its app that wait; the first end stays. Nothing may be added to its log
    /// afterwards.
    package func finish(_ build: Build, _ status: Build.Status, reason: String?) async throws {
        _ = try await database.query(
            """
            with ended as (
                update builds set finished_at = now(), stage = null,
                    status = case when status in ('queued', 'running') then \(status.rawValue) else status end,
                    reason = case when status in ('queued', 'running') then \(reason) else reason end
                where id = \(build.id) and finished_at is null),
            waiting as (
                select id::text as id from builds
                where app_id = \(build.appID) and finished_at is null and id <> \(build.id)
                union select \(build.id.text))
            select pg_notify(\(BuildFeed.channel), id), pg_notify(\(BuildFeed.queueChannel), '') from waiting
            """)
    }

    /// Takes a run that nobody carries on any more back to where another can take it up.
    package func rewind(_ build: Build) async throws {
        _ = try await database.execute(
            """
            update builds set stage = case kind when 'build' then 'built' end,
                status = case kind when 'build' then 'running' else 'queued' end
            where id = \(build.id) and status = 'running' and stage = 'deploying' and finished_at is null
            """)
    }

    /// Every build that has not ended, oldest first.
    package func unfinished() async throws -> [Build] {
        try await database.query(
            "select \(unescaped: Self.columns) from builds where finished_at is null order by created_at"
        ).map(Build.init)
    }

    /// What a queued build waits for; nil when it waits for nothing any more.
    package func obstacle(of build: Build) async throws -> BuildObstacle? {
        let row = try await database.first(
            """
            select q.position, (select count(*) from builds where status = 'queued') as queued,
                (select count(*) from builds where status = 'running' and stage = 'building') as running,
                r.number as ahead, r.created_by as ahead_by,
                extract(epoch from now() - r.created_at)::double precision as ahead_seconds,
                (select avg(extract(epoch from finished_at - started_at))::double precision from
                 (select finished_at, started_at from builds where status = 'succeeded' and not skipped
                  order by finished_at desc limit 20) recent) as typical_seconds
            from build_queue q left join lateral (
                select number, created_by, created_at from builds
                where app_id = q.app_id and status = 'running'
                and (stage = 'deploying' or \(build.kind == .build)) order by created_at limit 1) r on true
            where q.id = \(build.id)
            """)
        return try row.map(BuildObstacle.init)
    }
}

extension Build {
    init(_ row: Row) throws {
        id = try row.get("id")
        appID = try row.get("app_id")
        kind = Kind(rawValue: try row.get("kind", as: String.self)) ?? .build
        intent = try row.get("intent", as: String?.self).map {
            try JSONDecoder().decode(DeployIntent.self, from: Data($0.utf8))
        }
        number = try row.get("number")
        branch = try row.get("branch")
        commit = try row.get("commit")
        status = Status(rawValue: try row.get("status", as: String.self)) ?? .failed
        stage = try row.get("stage", as: String?.self).flatMap(Stage.init)
        createdBy = try row.get("created_by")
        message = try row.get("message")
        reason = try row.get("reason")
        createdAt = try row.get("created_at")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
        updates = try row.get("updates")
        source = try row.get("source")
        key = try row.get("key")
        isDetached = try row.get("detached")
        noCache = try row.get("no_cache")
        worker = try row.get("worker")
        cancelledBy = try row.get("cancelled_by")
        product = try row.get("product", as: String?.self).map(BuildProduct.init(json:))
        summary = try row.get("summary")
        isSkipped = try row.get("skipped")
        logLines = try row.get("log_lines")
    }
}

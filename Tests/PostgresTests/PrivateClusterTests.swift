import Foundation
import Glibc
import Testing
import Threads

@testable import Postgres

/// What a private cluster lives through; each test leaves it running.
@Suite(.cluster, .serialized) struct PrivateClusterTests {
    private let fixture: TestCluster

    init() throws { fixture = try #require(TestCluster.current) }

    @Test func `its database belongs to a role without power`() async throws {
        try await withPool { pool in
            let row = try #require(
                try await pool.first(
                    """
                    select current_user::text as role, rolsuper, rolcreatedb, current_setting('fsync') as fsync,
                        current_setting('listen_addresses') as listen, current_setting('server_encoding') as encoding
                    from pg_roles where rolname = current_user
                    """))
            #expect(try row.get("role") == "martlet")
            #expect(try row.get("rolsuper") == false)
            #expect(try row.get("rolcreatedb") == false)
            #expect(try row.get("listen") == "")
            #expect(try row.get("encoding") == "UTF8")
            #expect(try row.get("fsync") == "on")
            try await pool.execute("create table made (n int)")
            try await pool.execute("drop table made")
        }
    }

    @Test func `a pool survives a restart of the server`() async throws {
        try await withPool { pool in
            try await pool.execute("select 1")
            try await pool.transaction { _ in try await pool.execute("select 1") }
            try await fixture.cluster.stop()
            let away = try await failure { try await pool.execute("select 1") }
            #expect(away.isUnavailable)
            _ = try await fixture.cluster.start()
            for _ in 1...3 { #expect(try await pool.first("select 1 as n")?.get("n") == 1) }
            try await pool.transaction { try await $0.execute("select 1") }
        }
    }

    @Test func `a transaction does not survive a restart`() async throws {
        try await withPool { pool in
            let error = try await failure {
                try await pool.transaction { transaction in
                    try await transaction.execute("select 1")
                    try await fixture.cluster.stop()
                    _ = try await fixture.cluster.start()
                    try await transaction.execute("select 1")
                }
            }
            #expect(error.isUnavailable)
            try await pool.execute("select 1")
        }
    }

    @Test func `a statement that is running when the server stops is not run again`() async throws {
        try await withPool { pool in
            try await pool.execute("create sequence runs")
            let slow = Task { try await pool.execute("select nextval('runs'), pg_sleep(60)") }
            try await eventually {
                try await pool.first("select is_called from runs")?.get("is_called") == true
            }
            try await fixture.cluster.stop()
            #expect(try await failure { _ = try await slow.value }.isUnavailable)
            _ = try await fixture.cluster.start()
            #expect(try await pool.first("select last_value from runs")?.get("last_value") == 1)
            try await pool.execute("drop sequence runs")
        }
    }

    @Test func `listening survives a restart`() async throws {
        try await withPool { pool in
            var events = pool.listen(["builds"]).makeAsyncIterator()
            #expect(await events.next() == .reconnected)
            try await fixture.cluster.stop()
            _ = try await fixture.cluster.start()
            #expect(await events.next() == .reconnected)
            try await pool.execute("notify builds, 'again'")
            #expect(await events.next() == .message(channel: "builds", payload: "again"))
        }
    }

    @Test func `a running server is adopted`() async throws {
        let before = try fixture.serverID
        let another = PrivateCluster(directory: fixture.directory, logger: TestCluster.logger)
        #expect(try await another.isRunning())
        #expect(try await another.start() == fixture.url)
        #expect(try fixture.serverID == before)
    }

    @Test func `starts at the same time make one server`() async throws {
        try await fixture.cluster.stop()
        #expect(try await !fixture.cluster.isRunning())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await fixture.cluster.start() } }
            try await group.waitForAll()
        }
        try await withPool { try await $0.execute("select 1") }
    }

    @Test func `what was committed survives a kill of the server`() async throws {
        try await withPool { pool in
            try await pool.execute("create table kept as select 7 as n")
            let sleeper = Task { try await pool.execute("select pg_sleep(0.5)") }
            try await eventually { pool.freeCount == 0 }
            kill(try fixture.serverID, SIGKILL)
            _ = try await fixture.cluster.start()
            _ = await sleeper.result
            #expect(try await pool.first("select n from kept")?.get("n") == 7)
            try await pool.execute("drop table kept")
        }
    }

    @Test func `an interrupted first start was made good`() async throws {
        #expect(access(ClusterFiles(directory: fixture.directory).unfinishedCluster, F_OK) != 0)
        #expect(try ClusterFiles(directory: fixture.directory).version() != nil)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
    func `another local user gets nothing`() async throws {
        let socket = fixture.directory + "/run/.s.PGSQL.5432"
        for role in ["martlet", "postgres", "nobody"] {
            #expect(try await psql(as: "nobody", role).status != 0)
        }
        // Even with the folders open, the server itself refuses.
        for path in [fixture.directory, fixture.directory + "/run"] { chmod(path, 0o755) }
        chmod(socket, 0o777)
        for role in ["martlet", "postgres", "nobody"] {
            let outcome = try await psql(as: "nobody", role)
            #expect(outcome.status != 0)
            let reason = role == "nobody" ? "no pg_hba.conf entry" : "Peer authentication failed"
            #expect(outcome.output.contains(reason))
        }
        #expect(try await psql(as: "postgres", "martlet").status == 0)
        _ = try await fixture.cluster.start()
        #expect(try permissions(fixture.directory) == 0o750)
        #expect(try permissions(fixture.directory + "/run") == 0o700)
        #expect(try permissions(fixture.directory + "/cluster") == 0o700)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
    func `a folder that postgres cannot enter is named`() async throws {
        let scratch = try TestCluster.makeScratch()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try FileManager.default.createDirectory(atPath: scratch + "/a/b", withIntermediateDirectories: true)
        chmod(scratch + "/a", 0o700)
        let cluster = PrivateCluster(directory: scratch + "/a/b/c", logger: TestCluster.logger)
        let error = try await failure { _ = try await cluster.start() }
        #expect(error.reason.contains("cannot enter '\(scratch)/a';"))
        #expect(error.reason.contains("MARTLET_DATA"))
    }

    @Test func `a program gets none of our descriptors`() async throws {
        let open = dup(1)
        defer { close(open) }
        let outcome = try await onOwnThread { () throws(DatabaseError) in
            try ClusterCommand.run("/usr/bin/ls", ["/proc/self/fd"])
        }
        #expect(outcome.output == "0; 1; 2; 3")  // 3 is the folder that it lists
    }

    @Test func `a path that is too long for a socket is refused`() async throws {
        let cluster = PrivateCluster(
            directory: "/tmp/" + String(repeating: "x", count: 100), logger: TestCluster.logger)
        #expect(try await failure { _ = try await cluster.start() }.reason.contains("shorter path"))
    }

    @Test func `a cluster of a version that is not installed names the package`() async throws {
        let error = try await failure { _ = try ClusterPrograms.find(version: 99) }
        #expect(error.reason.contains("apt-get install postgresql-99"))
        #expect(try ClusterPrograms.find(version: nil).version >= 13)
    }

    private func withPool(_ body: (DatabasePool) async throws -> Void) async throws {
        let pool = DatabasePool(url: fixture.url, size: 4, logger: TestCluster.logger)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(pool))
        } catch {
            outcome = .failure(error)
        }
        await pool.close()
        try outcome.get()
    }

    private func psql(as user: String, _ role: String) async throws -> ClusterCommand.Outcome {
        let programs = try ClusterPrograms.find(version: nil)
        let run = fixture.directory + "/run"
        return try await onOwnThread {
            try ClusterCommand.run(
                "/usr/bin/setpriv",
                [
                    "--reuid=\(user)", "--regid=nogroup", "--clear-groups", programs.path("psql"), "-h", run,
                    "-U", role, "-d", "martlet", "-c", "select 1",
                ])
        }
    }

    private func permissions(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }
}

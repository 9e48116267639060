import Foundation
import Synchronization
import Testing

@testable import Postgres

extension SharedClusterTests {
    @Suite struct DatabasePoolTests {
        @Test func `text that looks like SQL stays data`() async throws {
            try await TestCluster.withPool { pool in
                try await pool.execute("create table users (name text)")
                let name = "x'; drop table users; --"
                #expect(try await pool.execute("insert into users values (\(name))") == 1)
                #expect(try await pool.query("select * from users where name = \(name)").count == 1)
                #expect(try await pool.query("select * from users where name = \("' or '1'='1")").isEmpty)
            }
        }

        @Test func `execute counts the rows`() async throws {
            try await TestCluster.withPool { pool in
                let made = try await pool.execute("create table t (n int)")
                #expect(made == 0)
                #expect(try await pool.execute("insert into t select generate_series(1, 3)") == 3)
                #expect(try await pool.execute("delete from t where n > \(1)") == 2)
                #expect(try await pool.first("select n from t where n = \(9)") == nil)
            }
        }

        @Test func `a violated constraint is told by its name, without values`() async throws {
            try await TestCluster.withPool { pool in
                try await pool.execute("create table users (name text constraint one_name unique)")
                try await pool.execute("create table keys (owner text constraint has_owner references users (name))")
                let insert: Query = "insert into users values (\("hush-hush"))"
                try await pool.execute(insert)
                let unique = try await failure { try await pool.execute(insert) }
                #expect(unique.isUniqueViolation && unique.constraint == "one_name" && !unique.isUnavailable)
                #expect(!unique.description.contains("hush"))
                #expect(unique.description.contains("'insert into users values ($1)'"))
                let foreign = try await failure { try await pool.execute("insert into keys values (\("nobody"))") }
                #expect(foreign.isForeignKeyViolation && foreign.constraint == "has_owner")
            }
        }

        @Test func `a value that the server refuses is not repeated`() async throws {
            try await TestCluster.withPool { pool in
                let error = try await failure { try await pool.execute("select \("hush-hush")::uuid") }
                #expect(error.sqlState == "22P02")
                #expect(!error.description.contains("hush"))
                let null = try await failure { try await pool.execute("select \("hush\0hush")") }
                #expect(null.sqlState == "22021")
                #expect(!null.description.contains("hush"))
            }
        }

        @Test func `a wrong statement leaves the connection usable`() async throws {
            try await TestCluster.withPool(size: 1) { pool in
                let wrong = try await failure { try await pool.execute("selec") }
                #expect(wrong.sqlState == "42601")
                let copy = try await failure { try await pool.execute("copy (select 1) to stdout") }
                #expect(copy.reason.contains("COPY"))
                #expect(try await pool.first("select 1 as n")?.get("n") == 1)
            }
        }

        @Test func `a statement is prepared once, and again when the schema changed`() async throws {
            try await TestCluster.withPool(size: 1) { pool in
                try await pool.execute("create table t (n int)")
                for n in 1...3 { try await pool.execute("insert into t values (\(n))") }
                _ = try await pool.query("select * from t")
                let prepared = "select count(*) as n from pg_prepared_statements where statement like 'insert into t %'"
                #expect(try await pool.first("\(unescaped: prepared)")?.get("n") == 1)
                try await pool.execute("alter table t add m int")
                #expect(try await pool.query("select * from t").count == 3)
            }
        }

        @Test func `a connection keeps 256 statements`() async throws {
            try await TestCluster.withPool(size: 1) { pool in
                for n in 1...300 { try await pool.execute("select \(unescaped: String(n))") }
                let count = try await pool.first("select count(*) as n from pg_prepared_statements")
                #expect(try count?.get("n") == 256)
                try await pool.execute("select 1")
            }
        }

        @Test func `who waits for a busy connection is served in order`() async throws {
            try await TestCluster.withPool(size: 1) { pool in
                let served = Served()
                var waiters: [Task<Void, any Error>] = []
                try await pool.transaction { _ in
                    for n in 1...5 {
                        waiters.append(Task { try await pool.transaction { _ in served.append(n) } })
                        try await eventually { pool.waiterCount == n }
                    }
                    waiters.remove(at: 2).cancel()
                    try await eventually { pool.waiterCount == 4 }
                }
                for waiter in waiters { try await waiter.value }
                #expect(served.numbers == [1, 2, 4, 5])
            }
        }

        @Test func `waiting for a busy connection ends`() async throws {
            try await TestCluster.withPool(size: 2, waitLimit: .milliseconds(30)) { pool in
                try await pool.transaction { _ in
                    try await pool.transaction { _ in
                        let error = try await failure { try await pool.execute("select 1") }
                        #expect(error.isUnavailable)
                        #expect(error.description == "get a database connection: all 2 connections are busy")
                    }
                }
                try await pool.execute("select 1")
            }
        }

        @Test func `cancelling the task cancels the statement`() async throws {
            try await TestCluster.withPool(size: 1) { pool in
                let task = Task { try await pool.execute("select pg_sleep(60)") }
                let url = try #require(TestCluster.current).url
                let watcher = DatabasePool(url: url, size: 1, logger: TestCluster.logger)
                try await eventually {
                    try await !watcher.query(
                        "select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'"
                    ).isEmpty
                }
                await watcher.close()
                task.cancel()
                #expect(try await failure { _ = try await task.value }.isCancellation)
                try await pool.execute("select 1")
            }
        }

        @Test func `a server that is away is unavailable at once`() async throws {
            let pool = DatabasePool(url: "host=/nowhere dbname=x", logger: TestCluster.logger)
            let start = ContinuousClock.now
            let error = try await failure { try await pool.execute("select 1") }
            #expect(error.isUnavailable)
            #expect(ContinuousClock.now - start < .seconds(1))
            await pool.close()
        }

        @Test func `a malformed URL is refused without its password`() async throws {
            let pool = DatabasePool(url: "postgresql://user:hush@[host/x", logger: TestCluster.logger)
            let error = try await failure { try await pool.execute("select 1") }
            #expect(error.reason.contains("malformed") && !error.description.contains("hush"))
            await pool.close()
        }

        @Test func `a closed pool waits for its work and refuses more`() async throws {
            try await TestCluster.withPool(size: 1) { pool in
                let slow = Task { try await pool.first("select pg_sleep(0.05), 1 as n")?.get("n", as: Int.self) }
                try await eventually { pool.freeCount == 0 }
                await pool.close()
                #expect(try await slow.value == 1)
                #expect(try await failure { try await pool.execute("select 1") }.reason == "the pool is closed")
            }
        }

        private final class Served: Sendable {
            private let list = Mutex<[Int]>([])
            var numbers: [Int] { list.withLock { $0 } }
            func append(_ number: Int) { list.withLock { $0.append(number) } }
        }
    }
}

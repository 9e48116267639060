import Testing

@testable import Postgres

extension SharedClusterTests {
    @Suite struct MigratorTests {
        private let migrations = [
            Migration(number: 1, name: "users", sql: "create table users (id int); insert into users values (1);"),
            Migration(number: 2, name: "apps", sql: "create table apps (id int);\n-- the end"),
            Migration(number: 3, name: "more", sql: "alter table users add name text default 'x'"),
        ]

        @Test func `migrations are applied in order and once`() async throws {
            try await TestCluster.withPool { pool in
                try await migrate(pool, Array(migrations.prefix(2)))
                try await migrate(pool, migrations)
                try await migrate(pool, migrations)
                #expect(try await pool.first("select name from users")?.get("name") == "x")
                #expect(try await applied(pool) == [1, 2, 3])
            }
        }

        @Test func `two processes may migrate at once`() async throws {
            try await TestCluster.withPoolAndURL { pool, url in
                let others = (0..<4).map { _ in DatabasePool(url: url, size: 1, logger: TestCluster.logger) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for other in others { group.addTask { try await self.migrate(other, self.migrations) } }
                    try await group.waitForAll()
                }
                for other in others { await other.close() }
                #expect(try await applied(pool) == [1, 2, 3])
                #expect(try await pool.query("select 1 from users").count == 1)
            }
        }

        @Test func `a migration that fails leaves nothing, and those before it stay`() async throws {
            try await TestCluster.withPool { pool in
                let broken = Migration(number: 3, name: "broken", sql: "create table x (); select nonsense;")
                let error = try await failure { try await migrate(pool, migrations.prefix(2) + [broken]) }
                #expect(error.description == "apply migration 3 'broken': column \"nonsense\" does not exist")
                #expect(try await applied(pool) == [1, 2])
                #expect(try await failure { try await pool.execute("select * from x") }.sqlState == "42P01")
            }
        }

        @Test func `a newer schema is refused`() async throws {
            try await TestCluster.withPool { pool in
                try await migrate(pool, migrations)
                let error = try await failure { try await migrate(pool, Array(migrations.prefix(1))) }
                #expect(error.operation == "migrate the database")
                #expect(error.reason == "the database is at schema 3, this martlet knows 1; run a newer martlet")
            }
        }

        @Test func `renamed migrations and gaps are refused`() async throws {
            try await TestCluster.withPool { pool in
                try await migrate(pool, migrations)
                let renamed = migrations.prefix(2) + [Migration(number: 3, name: "other", sql: "select 1")]
                #expect(try await failure { try await migrate(pool, Array(renamed)) }.reason.contains("3 'more'"))
                let gap = [migrations[0], migrations[2]]
                #expect(try await failure { try await migrate(pool, gap) }.reason.contains("without gaps"))
                try await pool.execute("delete from schema_migrations where number = 2")
                #expect(try await failure { try await migrate(pool, migrations) }.reason.contains("3 'more' where"))
            }
        }

        private func migrate(_ pool: DatabasePool, _ migrations: [Migration]) async throws {
            try await Migrator.migrate(pool, migrations, logger: TestCluster.logger)
        }

        private func applied(_ pool: DatabasePool) async throws -> [Int] {
            try await pool.query("select number from schema_migrations order by number").map { try $0.get("number") }
        }
    }
}

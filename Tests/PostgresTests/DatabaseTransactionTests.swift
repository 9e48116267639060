import Testing

@testable import Postgres

extension SharedClusterTests {
    @Suite struct DatabaseTransactionTests {
        @Test func `a transaction is kept as a whole`() async throws {
            try await withTable { pool in
                let sum = try await pool.transaction { transaction in
                    try await transaction.execute("insert into t values (1)")
                    try await transaction.execute("insert into t values (2)")
                    #expect(try await count(pool) == 0)
                    return try await count(transaction)
                }
                #expect(sum == 2)
                #expect(try await count(pool) == 2)
            }
        }

        @Test func `nothing is kept when the body throws`() async throws {
            try await withTable { pool in
                await #expect(throws: Unexpected.self) {
                    try await pool.transaction { transaction in
                        try await transaction.execute("insert into t values (1)")
                        throw Unexpected.success
                    }
                }
                let kept = try await count(pool)
                #expect(kept == 0)
            }
        }

        @Test func `nothing is kept when the task is cancelled`() async throws {
            try await withTable { pool in
                let task = Task {
                    try await pool.transaction { transaction in
                        try await transaction.execute("insert into t values (1)")
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }
                await #expect(throws: CancellationError.self) { try await task.value }
                let kept = try await count(pool)
                #expect(kept == 0)
            }
        }

        @Test func `a failure that the body hides still fails the commit`() async throws {
            try await withTable { pool in
                let error = try await failure {
                    try await pool.transaction { transaction in
                        try await transaction.execute("insert into t values (1)")
                        _ = try? await transaction.execute("select 1 / 0")
                    }
                }
                #expect(error.description == "commit: a statement before it had failed; nothing was kept")
                #expect(try await count(pool) == 0)
            }
        }

        @Test func `a constraint that is checked at the commit fails it`() async throws {
            try await withTable { pool in
                try await pool.execute("alter table t add constraint once unique (n) deferrable initially deferred")
                let error = try await failure {
                    _ = try await pool.transaction { transaction in
                        try await transaction.execute("insert into t values (1), (1)")
                    }
                }
                #expect(error.isUniqueViolation && error.constraint == "once")
                #expect(try await count(pool) == 0)
            }
        }

        @Test func `a transaction that has ended runs nothing more`() async throws {
            try await withTable { pool in
                let escaped = try await pool.transaction { $0 }
                let error = try await failure { _ = try await escaped.execute("insert into t values (1)") }
                #expect(error.reason == "the transaction has ended")
                try await pool.transaction { _ in
                    let again = try await failure { try await escaped.execute("select 1") }
                    #expect(again.reason == error.reason)
                }
            }
        }

        private func count(_ database: some Database) async throws -> Int {
            try #require(try await database.first("select count(*) as n from t")).get("n")
        }

        private func withTable(_ body: (DatabasePool) async throws -> Void) async throws {
            try await TestCluster.withPool(size: 2) { pool in
                try await pool.execute("create table t (n int)")
                try await body(pool)
            }
        }
    }
}

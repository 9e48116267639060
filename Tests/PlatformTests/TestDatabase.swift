import Logging
import Platform
import Postgres
import TestKit
import Testing

/// A private database of the newest schema, which takes a second to start: one for all tests of a suite.
struct TestDatabase: Sendable {
    @TaskLocal static var current: TestDatabase?

    let pool: DatabasePool
    let url: String

    /// The suite's database, emptied.
    static func empty() async throws -> TestDatabase {
        let database = try #require(current, "the suite has no trait '.database'")
        _ = try await database.pool.execute("truncate users, workers, removals, events cascade")
        return database
    }

    fileprivate static func with(_ body: (TestDatabase) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(directory: "\(scratch.path)/postgres", logger: logger)
        let url = try await cluster.start()
        let pool = DatabasePool(url: url, logger: logger)
        do {
            try await Migrator.migrate(pool, Schema.migrations, logger: logger)
            try await body(TestDatabase(pool: pool, url: url))
        } catch {
            await pool.close()
            try await cluster.stop()
            throw error
        }
        await pool.close()
        try await cluster.stop()
    }
}

/// Gives all tests of a suite one database.
struct DatabaseTrait: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            try await TestDatabase.$current.withValue(database) { try await function() }
        }
    }
}

extension Trait where Self == DatabaseTrait {
    static var database: Self { Self() }
}

extension BuildRequest {
    /// A request for the commit that has one digit only.
    static func sample(commit digit: Character = "a", by user: String = "alice") -> BuildRequest {
        BuildRequest(branch: "main", commit: String(repeating: digit, count: 40), user: user)
    }
}

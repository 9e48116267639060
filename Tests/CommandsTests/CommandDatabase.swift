import Logging
import Platform
import Postgres
import TestKit
import Testing

/// A private database of the newest schema for all tests of a suite.
struct CommandDatabase: SuiteTrait, TestScoping {
    @TaskLocal static var current: DatabasePool?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(directory: "\(scratch.path)/postgres", logger: logger)
        let pool = DatabasePool(url: try await cluster.start(), logger: logger)
        do {
            try await Migrator.migrate(pool, Schema.migrations, logger: logger)
            try await Self.$current.withValue(pool) { try await function() }
        } catch {
            await pool.close()
            try await cluster.stop()
            throw error
        }
        await pool.close()
        try await cluster.stop()
    }
}

extension Trait where Self == CommandDatabase {
    static var database: Self { Self() }
}

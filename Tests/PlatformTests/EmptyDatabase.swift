import Logging
import Platform
import Postgres
import TestKit
import Testing

/// Runs `body` with an empty database of the newest schema.
func withDatabase(_ body: (DatabasePool) async throws -> Void) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let cluster = PrivateCluster(directory: "\(scratch.path)/postgres", logger: logger)
    let database = DatabasePool(url: try await cluster.start(), logger: logger)
    do {
        try await Migrator.migrate(database, Schema.migrations, logger: logger)
        try await body(database)
    } catch {
        await database.close()
        try await cluster.stop()
        throw error
    }
    await database.close()
    try await cluster.stop()
}

/// Gives all tests of a suite one database, which takes a second to start.
struct DatabaseTrait: SuiteTrait, TestScoping {
    @TaskLocal static var database: DatabasePool?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withDatabase { database in
            try await Self.$database.withValue(database) { try await function() }
        }
    }
}

extension Trait where Self == DatabaseTrait {
    static var database: Self { Self() }
}

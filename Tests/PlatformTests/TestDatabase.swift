import Foundation
import Logging
import Postgres
import TestKit

@testable import Platform

/// A private database of the newest schema.
enum TestDatabase {
    /// Runs `body` with an empty one, which is gone afterwards.
    static func with(_ body: (DatabasePool) async throws -> Void) async throws {
        try await withURL { database, _ in try await body(database) }
    }

    /// Runs `body` with an empty one and how to connect to it.
    static func withURL(_ body: (DatabasePool, String) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(directory: "\(scratch.path)/postgres", logger: logger)
        let url = try await cluster.start()
        let database = DatabasePool(url: url, logger: logger)
        do {
            try await Migrator.migrate(database, Schema.migrations, logger: logger)
            try await body(database, url)
        } catch {
            await database.close()
            try await cluster.stop()
            throw error
        }
        await database.close()
        try await cluster.stop()
    }
}

extension BuildRequest {
    /// A request for the commit that has one digit only.
    static func sample(commit digit: Character = "a", by user: String = "alice") -> BuildRequest {
        BuildRequest(branch: "main", commit: String(repeating: digit, count: 40), user: user)
    }
}

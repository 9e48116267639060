package import Foundation
package import Postgres

/// Keeps the logs of builds.
package struct BuildLogStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// Adds lines to the end of a build's log, whoever else does.
    package func append(_ lines: [LogLine], to build: UUID) async throws {
        _ = try await database.query(
            "select append_log(\(build), \(lines.map(\.stream.rawValue))::text[], \(lines.map(\.text))::text[])")
    }

    /// The lines of a build's log from number `first` on, at most `limit`.
    package func lines(of build: UUID, from first: Int, limit: Int = 500) async throws -> [LogLine] {
        try await database.query(
            """
            select stream, line from build_log where build_id = \(build) and sequence >= \(first)
            order by sequence limit \(limit)
            """
        ).map { row in
            LogLine(LogLine.Stream(rawValue: try row.get("stream", as: String.self)) ?? .martlet, try row.get("line"))
        }
    }
}

package import Logging

/// Brings a database's schema up to date.
package enum Migrator {
    /// Applies the migrations that the database has not seen, each in a transaction of its own. Any number of processes
    /// may do so at once: an advisory lock puts them in line.
    ///
    /// - Throws: `DatabaseError` when a migration fails (it and what follows is not applied), when the database has one
    ///   that is not known or has another name, or when `migrations` do not count from 1.
    package static func migrate(_ pool: DatabasePool, _ migrations: [Migration], logger: Logger) async throws {
        guard migrations.map(\.number) == Array(1..<migrations.count + 1) else {
            throw failure("the migrations do not count from 1 without gaps: \(migrations.map(\.number))")
        }
        while let migration = try await applyNext(pool, migrations) {
            logger.notice(
                "migrated the database", metadata: ["number": "\(migration.number)", "name": "\(migration.name)"])
        }
    }

    /// Makes sure that the database has exactly these migrations, changing nothing.
    ///
    /// - Throws: `DatabaseError` when it does not.
    package static func verify(_ pool: DatabasePool, _ migrations: [Migration]) async throws {
        let row = try await pool.first("select max(number) as number from schema_migrations")
        let newest = try row?.get("number", as: Int?.self) ?? 0
        guard newest == migrations.count else {
            throw failure(
                "it is at schema \(newest), this martlet needs \(migrations.count); run the same martlet as the server")
        }
    }

    /// Applies the first migration that the database has not seen. Returns it; nil when there is none.
    private static func applyNext(_ pool: DatabasePool, _ migrations: [Migration]) async throws -> Migration? {
        try await pool.transaction { transaction in
            try await transaction.execute("select pg_advisory_xact_lock(\(lock))")
            let applied = try await applied(transaction)
            try check(applied, against: migrations)
            guard applied.count < migrations.count else { return nil }
            try await apply(migrations[applied.count], transaction)
            return migrations[applied.count]
        }
    }

    private static func applied(_ transaction: DatabaseTransaction) async throws -> [(number: Int, name: String)] {
        try await transaction.run(
            script: """
                create table if not exists schema_migrations (
                    number bigint primary key, name text not null, applied timestamptz not null default now())
                """)
        return try await transaction.query("select number, name from schema_migrations order by number").map {
            (try $0.get("number"), try $0.get("name"))
        }
    }

    private static func apply(_ migration: Migration, _ transaction: DatabaseTransaction) async throws {
        do {
            try await transaction.run(script: migration.sql)
        } catch {
            throw DatabaseError(
                operation: "apply migration \(migration.number) '\(migration.name)'", reason: error.reason,
                sqlState: error.sqlState, constraint: error.constraint)
        }
        try await transaction.execute(
            "insert into schema_migrations (number, name) values (\(migration.number), \(migration.name))")
    }

    private static func check(_ applied: [(number: Int, name: String)], against known: [Migration]) throws {
        if let newest = applied.last, newest.number > known.count {
            throw failure(
                "the database is at schema \(newest.number), this martlet knows \(known.count); run a newer martlet")
        }
        for (migration, row) in zip(known, applied) where row.number != migration.number || row.name != migration.name {
            throw failure(
                "the database has \(row.number) '\(row.name)' where this martlet has \(migration.number) "
                    + "'\(migration.name)'; run the martlet that the database belongs to")
        }
    }

    private static func failure(_ reason: String) -> DatabaseError {
        DatabaseError(operation: "migrate the database", reason: reason)
    }

    /// `martlet` in ASCII.
    private static let lock = 0x6d61_7274_6c65_74
}

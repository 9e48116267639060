import Foundation
package import Postgres

/// Gives workers their database roles: each may see what it needs to build, and change nothing but by the functions for it.
package struct WorkerRoles: Sendable {
    private let database: DatabasePool
    private let administrator: DatabasePool

    /// - Parameters:
    ///   - database: as the owner of the tables.
    ///   - administrator: as a role that may make roles.
    package init(database: DatabasePool, administrator: DatabasePool) {
        self.database = database
        self.administrator = administrator
    }

    /// The role of a worker, which is named by `[a-z0-9-]`.
    package static func role(of worker: String) -> String { "martlet_worker_\(worker)" }

    /// Registers a worker, with a role of its own and a new password.
    ///
    /// - Returns: the password.
    /// - Throws: `Refusal` when the database does not let us make roles.
    package func add(_ worker: String) async throws -> String {
        let password = (UUID().text + UUID().text).replacing("-", with: "")
        let role = Self.role(of: worker)
        try await changeRoles(
            """
            do $$ begin
                if not exists (select from pg_roles where rolname = 'martlet_workers') then
                    create role martlet_workers nologin;
                end if;
                if not exists (select from pg_roles where rolname = '\(role)') then
                    create role "\(role)" login in role martlet_workers;
                end if;
            end $$;
            alter role "\(role)" password '\(password)';
            """)
        try await database.transaction { transaction in
            try await transaction.run(script: Self.grants)
            try await transaction.execute(
                """
                insert into workers (name, role) values (\(worker), \(role))
                on conflict (name) do update set role = \(role)
                """)
        }
        return password
    }

    /// Forgets a worker and its role; builds that it works on are lost.
    ///
    /// - Throws: `Refusal` when there is none of that name.
    package func remove(_ worker: String) async throws {
        guard try await database.execute("delete from workers where name = \(worker)") == 1 else {
            throw Refusal("no worker named '\(worker)'; 'workers list' shows them")
        }
        try await changeRoles("drop role if exists \"\(Self.role(of: worker))\";")
    }

    private func changeRoles(_ script: String) async throws {
        do throws(any Error) {
            try await administrator.transaction { try await $0.run(script: script) }
        } catch let error as DatabaseError where error.sqlState == "42501" {
            throw Refusal(
                "the database role of MARTLET_DATABASE_URL may not make roles: run 'alter role … createrole' as its superuser"
            )
        }
    }

    private static let grants = """
        grant select on apps, users, builds, build_log, build_queue, releases, workers, installation, schema_migrations,
            config_vars, app_build_settings to martlet_workers;
        grant execute on function register_worker, claim_build, beat_worker, end_build, append_log to martlet_workers;
        """
}

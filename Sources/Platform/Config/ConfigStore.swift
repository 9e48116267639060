package import Foundation
package import Postgres

/// Keeps apps' config variables. Values are sealed in the database (AES-256-GCM), and never in a log or an error.
///
/// What reads or writes values throws `SecretError` when a key is lost or damaged.
package struct ConfigStore: Sendable {
    private let database: DatabasePool
    private let secrets: SecretStore
    private let keys: SecretKeys

    package init(_ database: DatabasePool, keys: SecretKeys) {
        self.database = database
        self.keys = keys
        secrets = SecretStore(database, keys: keys)
    }

    /// Sets variables: all of them or, when it throws, none.
    ///
    /// - Parameter scope: nil to leave that of a variable that is there already, and to use `run` for a new one.
    /// - Throws: `Refusal` for a value or a number of variables that no app may have.
    package func set(
        _ values: [ConfigName: String], scope: ConfigScope?, of app: App, by user: String
    ) async throws {
        for (name, value) in values { try ConfigLimits.check(value, of: name) }
        try await database.transaction { transaction in
            try await lock(app, transaction)
            let ring = try await ring(in: transaction)
            for (name, value) in values {
                let sealed = try ring.seal(Array(value.utf8), for: .variable(app: app.id, name: name.description))
                try await transaction.execute(
                    """
                    insert into config_vars (app_id, name, scope, value, updated_by)
                    values (\(app.id), \(name.description), coalesce(\(scope?.rawValue), 'run'), \(sealed), \(user))
                    on conflict (app_id, name) do update set value = excluded.value, updated_at = now(),
                        scope = coalesce(\(scope?.rawValue), config_vars.scope), updated_by = excluded.updated_by
                    """)
            }
            try await checkSize(of: app, transaction)
        }
    }

    /// Removes variables: all of them or, when it throws, none.
    ///
    /// - Throws: `Refusal` that names one that is not set.
    package func unset(_ names: Set<ConfigName>, of app: App) async throws {
        try await database.transaction { transaction in
            for name in names.sorted() {
                let removed = try await transaction.execute(
                    "delete from config_vars where app_id = \(app.id) and name = \(name.description)")
                guard removed == 1 else { throw Refusal.unsetVariable(name, of: app.name) }
            }
        }
    }

    /// The variables of an app, by name. Opens no value.
    package func list(of app: App) async throws -> [ConfigVariable] {
        try await database.query(
            """
            select name, scope, updated_at, updated_by from config_vars where app_id = \(app.id)
            order by name collate "C"
            """
        ).map(ConfigVariable.init)
    }

    /// The names that are set for an app, in any scope. Opens no value.
    package func names(of app: App) async throws -> Set<String> {
        let rows = try await database.query("select name from config_vars where app_id = \(app.id)")
        return Set(try rows.map { try $0.get("name", as: String.self) })
    }

    /// How today's config for processes differs from a release's: `new`, `changed` or `unset`, by name.
    package func staged(of app: App, after release: Release) async throws -> [String: String] {
        let (then, now) = (try variables(of: release), try await values(of: app, for: .run))
        var staged: [String: String] = [:]
        for (name, value) in now where then[name] != value { staged[name] = then[name] == nil ? "new" : "changed" }
        for name in then.keys where now[name] == nil { staged[name] = "unset" }
        return staged
    }

    /// The names of those that processes see. Opens no value.
    package func namesForProcesses(of app: App) async throws -> Set<String> {
        let rows = try await database.query(
            "select name from config_vars where app_id = \(app.id) and scope <> 'build'")
        return Set(try rows.map { try $0.get("name", as: String.self) })
    }

    /// The value of a variable.
    ///
    /// - Throws: `Refusal` when it is not set.
    package func value(_ name: ConfigName, of app: App) async throws -> String {
        let rows = try await database.query(
            "select name, value from config_vars where app_id = \(app.id) and name = \(name.description)")
        guard let value = try open(rows, of: app)[name.description] else {
            throw Refusal.unsetVariable(name, of: app.name)
        }
        return value
    }

    /// All values of an app, by name.
    package func values(of app: App) async throws -> [String: String] {
        try open(await database.query("select name, value from config_vars where app_id = \(app.id)"), of: app)
    }

    /// The values that an app's processes or its builds are given, by name.
    package func values(of app: App, for use: ConfigScope.Use) async throws -> [String: String] {
        try await values(of: app, for: use, database)
    }

    /// What an app's processes are given now, sealed, to be kept with a release. Take it in the transaction that keeps it,
    /// in a column that `SealedColumn.all` names.
    package func snapshot(of app: App, in transaction: DatabaseTransaction) async throws -> [UInt8] {
        let ring = try await ring(in: transaction)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let values = try await values(of: app, for: .run, transaction)
        return try ring.seal(encoder.encode(values), for: .snapshot(app: app.id))
    }

    /// The values in a snapshot of that app, by name.
    package func open(snapshot: [UInt8], of app: UUID) throws -> [String: String] {
        guard let ring = try keys.load() else { throw SecretError.lostFile(keys.path) }
        return try JSONDecoder().decode(
            [String: String].self, from: Data(ring.open(snapshot, for: .snapshot(app: app))))
    }

    /// The variables of a release's processes, by name.
    package func variables(of release: Release) throws -> [String: String] {
        try release.config.map { try open(snapshot: $0, of: release.appID) } ?? [:]
    }

    /// The keys that seal values written in a transaction.
    func ring(in transaction: DatabaseTransaction) async throws -> KeyRing { try await secrets.ring(in: transaction) }

    func values(
        of app: App, for use: ConfigScope.Use, _ database: some Database
    ) async throws -> [String: String] {
        let rows = try await database.query(
            "select name, value from config_vars where app_id = \(app.id) and scope in (\(use.rawValue), 'both')")
        return try open(rows, of: app)
    }

    private func open(_ rows: [Row], of app: App) throws -> [String: String] {
        guard !rows.isEmpty else { return [:] }
        guard let ring = try keys.load() else { throw SecretError.lostFile(keys.path) }
        var values: [String: String] = [:]
        for row in rows {
            let name: String = try row.get("name")
            let value = try ring.open(row.get("value"), for: .variable(app: app.id, name: name))
            values[name] = String(decoding: value, as: UTF8.self)
        }
        return values
    }

    /// Puts those who change an app's config in line.
    private func lock(_ app: App, _ transaction: DatabaseTransaction) async throws {
        guard try await transaction.first("select id from apps where id = \(app.id) for update") != nil else {
            throw Refusal.unknownApp(app.name.description)
        }
    }

    private func checkSize(of app: App, _ transaction: DatabaseTransaction) async throws {
        let row = try await transaction.first(
            """
            select count(*) as count, coalesce(sum(octet_length(name) + octet_length(value)), 0)::bigint as bytes
            from config_vars where app_id = \(app.id)
            """)
        guard let row else { return }
        try ConfigLimits.check(count: row.get("count"), bytes: row.get("bytes"), of: app)
    }
}

extension ConfigVariable {
    init(_ row: Row) throws(DatabaseError) {
        name = ConfigName(stored: try row.get("name"))
        scope = ConfigScope(rawValue: try row.get("scope", as: String.self)) ?? .run
        updatedAt = try row.get("updated_at")
        updatedBy = try row.get("updated_by")
    }
}

package import Postgres

/// Keeps how apps are built where their repositories do not say.
package struct BuildSettingsStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// The settings of an app: the YAML text of a `build` block; nil when it has none.
    package func settings(of app: App) async throws -> String? {
        try await database.first("select yaml from app_build_settings where app_id = \(app.id)")?.get("yaml")
    }

    /// Stands for what an app's builds are made of beside the commit and `rest`: equal digests, equal builds.
    ///
    /// Made of the sealed values, it tells nothing of the open ones; sealing them anew changes it.
    package func digest(of app: App, and rest: String) async throws -> String {
        let row = try await database.first(
            """
            select encode(sha256(convert_to(concat_ws(E'\\n', \(rest),
                (select yaml from app_build_settings where app_id = \(app.id)),
                (select string_agg(name || ' ' || encode(value, 'hex'), ' ' order by name) from config_vars
                 where app_id = \(app.id) and scope <> 'run')), 'UTF8')), 'hex') as digest
            """)
        return try row?.get("digest") ?? ""
    }

    /// Replaces the settings of an app. Nobody checks the text here.
    package func set(_ yaml: String, of app: App, by user: String) async throws {
        _ = try await database.execute(
            """
            insert into app_build_settings (app_id, yaml, updated_by) values (\(app.id), \(yaml), \(user))
            on conflict (app_id) do update set yaml = excluded.yaml, updated_at = now(), updated_by = excluded.updated_by
            """)
    }

    /// Removes the settings of an app; does nothing when it has none.
    package func clear(of app: App) async throws {
        _ = try await database.execute("delete from app_build_settings where app_id = \(app.id)")
    }
}

import Postgres

extension AppStore {
    /// Everything that is set for an app, and its history, as JSON for people and programs to read later: access, names of
    /// config variables but not their values, domains, ports, volumes, routing, sizes, build settings, releases.
    package func description(of app: App) async throws -> String {
        let row = try await database.first(
            """
            select jsonb_pretty(jsonb_build_object(
                'format', 1, 'archivedAt', now(),
                'app', (select to_jsonb(a) - 'closed_by' - 'owner_id' from apps a where a.id = \(app.id)),
                'owner', \(app.owner.description)::text,
                'access', (select jsonb_agg(jsonb_build_object('user', u.name, 'role', x.role) order by u.name)
                    from app_access x join users u on u.id = x.user_id where x.app_id = \(app.id)),
                'config', (select jsonb_agg(jsonb_build_object('name', name, 'scope', scope) order by name)
                    from config_vars where app_id = \(app.id)),
                'buildSettings', (select yaml from app_build_settings where app_id = \(app.id)),
                'formation', (select jsonb_agg(to_jsonb(f) - 'app_id' order by type) from formation f where app_id = \(app.id)),
                'volumes', (select jsonb_agg(to_jsonb(v) - 'app_id' order by name) from volumes v where app_id = \(app.id)),
                'domains', (select jsonb_agg(to_jsonb(d) - 'app_id' order by host, path) from domains d where app_id = \(app.id)),
                'ports', (select jsonb_agg(to_jsonb(p) - 'app_id' order by port) from published_ports p where app_id = \(app.id)),
                'routing', (select settings from app_routing where app_id = \(app.id)),
                'releases', (select jsonb_agg(to_jsonb(r) - 'app_id' - 'config' - 'updates' order by number)
                    from releases r where app_id = \(app.id))
            )) as text
            """)
        return try row?.get("text") ?? "{}"
    }
}

package import Foundation
package import Postgres

/// Keeps how the proxy treats the requests of apps, as far as people said so.
package struct RoutingStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// What was set for an app; each value is nil that was not.
    package func settings(of app: App) async throws -> RoutingSettings {
        let row = try await database.first(
            "select settings::text as settings from app_routing where app_id = \(app.id)")
        return try row.map(RoutingSettings.init(row:)) ?? RoutingSettings()
    }

    /// What was set, for each app for which anything was.
    package func all() async throws -> [UUID: RoutingSettings] {
        var settings: [UUID: RoutingSettings] = [:]
        for row in try await database.query("select app_id, settings::text as settings from app_routing") {
            settings[try row.get("app_id")] = try RoutingSettings(row: row)
        }
        return settings
    }

    /// Changes what was set for an app, and returns it as it is then. Those who change it at once do so one by one.
    @discardableResult
    package func update(
        of app: App, change: @Sendable (inout RoutingSettings) throws -> Void
    ) async throws -> RoutingSettings {
        try await database.transaction { transaction in
            guard try await transaction.first("select id from apps where id = \(app.id) for update") != nil else {
                throw Refusal.unknownApp(app.name.description)
            }
            let row = try await transaction.first(
                "select settings::text as settings from app_routing where app_id = \(app.id)")
            var settings = try row.map(RoutingSettings.init(row:)) ?? RoutingSettings()
            try change(&settings)
            let json = try String(decoding: JSONEncoder().encode(settings), as: UTF8.self)
            try await transaction.execute(
                """
                insert into app_routing (app_id, settings) values (\(app.id), \(json)::text::jsonb)
                on conflict (app_id) do update set settings = excluded.settings
                """)
            return settings
        }
    }
}

extension RoutingSettings {
    fileprivate init(row: Row) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(row.get("settings", as: String.self).utf8))
    }
}

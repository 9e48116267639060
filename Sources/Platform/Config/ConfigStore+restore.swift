import Foundation
package import Postgres

extension ConfigStore {
    /// Makes what a release was given today's config, in the transaction that makes the release live. What differs from what
    /// `live` was given stays as it is staged: variables that were set, changed or unset since. Those of builds alone stay
    /// too.
    package func restore(
        _ release: Release, over live: Release?, of app: App, by user: String, in transaction: DatabaseTransaction
    ) async throws {
        let wanted = try variables(of: release)
        let replaced = try live.map { try variables(of: $0) } ?? [:]
        let today = try await values(of: app, for: .run, transaction)
        let staged = Set(today.keys).union(replaced.keys).filter { today[$0] != replaced[$0] }
        for name in replaced.keys where wanted[name] == nil && !staged.contains(name) {
            try await transaction.execute(
                "delete from config_vars where app_id = \(app.id) and name = \(name) and scope = 'run'")
            try await transaction.execute(
                "update config_vars set scope = 'build' where app_id = \(app.id) and name = \(name) and scope = 'both'")
        }
        let ring = try await ring(in: transaction)
        for (name, value) in wanted where !staged.contains(name) {
            let sealed = try ring.seal(Array(value.utf8), for: .variable(app: app.id, name: name))
            try await transaction.execute(
                """
                insert into config_vars (app_id, name, scope, value, updated_by)
                values (\(app.id), \(name), 'run', \(sealed), \(user))
                on conflict (app_id, name) do update set value = excluded.value, updated_at = now(),
                    updated_by = excluded.updated_by,
                    scope = case config_vars.scope when 'build' then 'both' else config_vars.scope end
                """)
        }
    }
}

package import Postgres

/// The database schema, from the numbered SQL files in `Migrations`.
package enum Schema {
    /// All migrations, oldest first.
    package static let migrations = [
        Migration(
            number: 1, name: "initial", sql: String(decoding: PackageResources._01_initial_sql, as: UTF8.self)),
        Migration(number: 2, name: "builds", sql: String(decoding: PackageResources._02_builds_sql, as: UTF8.self)),
        Migration(number: 3, name: "config", sql: String(decoding: PackageResources._03_config_sql, as: UTF8.self)),
        Migration(
            number: 4, name: "deployment", sql: String(decoding: PackageResources._04_deployment_sql, as: UTF8.self)),
        Migration(
            number: 5, name: "certificates",
            sql: String(decoding: PackageResources._05_certificates_sql, as: UTF8.self)),
        Migration(number: 6, name: "runs", sql: String(decoding: PackageResources._06_runs_sql, as: UTF8.self)),
    ]
}

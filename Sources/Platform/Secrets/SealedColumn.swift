import Foundation
import Postgres

/// A column of the database that holds sealed secrets.
struct SealedColumn: Sendable {
    let table: String
    let column: String
    /// The SQL of what names the secret among those of its app; `null` where there is one of a kind.
    let name: String
    /// Forgets the row's secret: what comes before `where`.
    let drop: String
    /// What a row with `app_id` and `name` holds the secret of.
    let place: @Sendable (Row) throws -> SecretPlace

    /// Every such column: one that were missing here would lose its keys at a rotation.
    static let all = [
        SealedColumn(table: "config_vars", column: "value", name: "name", drop: "delete from config_vars") {
            .variable(app: try $0.get("app_id"), name: try $0.get("name"))
        },
        SealedColumn(table: "releases", column: "config", name: "null", drop: "update releases set config = null") {
            .snapshot(app: try $0.get("app_id"))
        },
        // A certificate without its key is worth nothing.
        SealedColumn(table: "certificates", column: "sealed_key", name: "host", drop: "delete from certificates") {
            .certificateKey(host: try $0.get("name"))
        },
    ]

    /// One secret as it is kept.
    struct Entry {
        /// The row's place in its table (`ctid`); only for as long as the row is locked.
        let row: String
        let place: SecretPlace
        let sealed: [UInt8]
    }

    /// The IDs of the apps that have secrets here; nil is among them for secrets of no app.
    func apps(_ database: some Database) async throws -> [UUID?] {
        try await database.query(
            "select distinct app_id from \(unescaped: table) where \(unescaped: column) is not null"
        ).map { try $0.get("app_id") }
    }

    /// The secrets of an app, or of none, whose rows stay locked until the transaction ends.
    func entries(of app: UUID?, _ transaction: DatabaseTransaction) async throws -> [Entry] {
        let rows = try await transaction.query(
            """
            select ctid::text as row, app_id, \(unescaped: name)::text as name, \(unescaped: column) as sealed
            from \(unescaped: table)
            where app_id is not distinct from \(app) and \(unescaped: column) is not null for update
            """)
        return try rows.map { row in
            Entry(row: try row.get("row"), place: try place(row), sealed: try row.get("sealed"))
        }
    }

    func replace(_ entry: Entry, with sealed: [UInt8], _ transaction: DatabaseTransaction) async throws {
        try await transaction.execute(
            """
            update \(unescaped: table) set \(unescaped: column) = \(sealed) where ctid = \(entry.row)::tid
            """)
    }

    func forget(_ entry: Entry, _ transaction: DatabaseTransaction) async throws {
        try await transaction.execute("\(unescaped: drop) where ctid = \(entry.row)::tid")
    }

    /// How many secrets each key has sealed, by the key's ID.
    func uses(_ database: some Database) async throws -> [[UInt8]: Int] {
        let rows = try await database.query(
            """
            select substring(\(unescaped: column) from 2 for 8) as key, count(*) as uses from \(unescaped: table)
            where \(unescaped: column) is not null group by 1
            """)
        return try Dictionary(rows.map { (try $0.get("key"), try $0.get("uses")) }) { $0 + $1 }
    }
}

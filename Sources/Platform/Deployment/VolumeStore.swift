package import Foundation
package import Postgres

/// Keeps which volumes an app has. The files themselves are the engine's.
package struct VolumeStore: Sendable {
    /// How many volumes an app may have.
    package static let limit = 20

    private static let columns = "id, app_id, name, path, read_only, created_at"
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// The volumes of an app, by name.
    package func list(of app: App) async throws -> [Volume] {
        try await database.query(
            "select \(unescaped: Self.columns) from volumes where app_id = \(app.id) order by name"
        ).map(Volume.init)
    }

    /// The volumes of every app.
    package func all() async throws -> [Volume] {
        try await database.query("select \(unescaped: Self.columns) from volumes order by app_id, name").map(
            Volume.init)
    }

    /// Adds a volume to an app, which its processes have from their next start on.
    ///
    /// - Throws: `Refusal` for a name or a path that cannot be, or that the app has already.
    package func add(_ name: String, at path: String, isReadOnly: Bool, to app: App) async throws -> Volume {
        let volume = Volume(
            appID: app.id, name: try VolumeRules.name(name), path: try VolumeRules.path(path), isReadOnly: isReadOnly)
        do throws(any Error) {
            try await database.transaction { transaction in
                _ = try await transaction.query("select id from apps where id = \(app.id) for update")
                let present = try await transaction.query(
                    "select \(unescaped: Self.columns) from volumes where app_id = \(app.id)"
                ).map(Volume.init)
                try VolumeRules.check(volume, beside: present, of: app)
                try await transaction.execute(
                    """
                    insert into volumes (id, app_id, name, path, read_only)
                    values (\(volume.id), \(app.id), \(volume.name), \(volume.path), \(isReadOnly))
                    """)
            }
        } catch let error as DatabaseError where error.isForeignKeyViolation {
            throw Refusal.unknownApp(app.name.description)
        }
        return volume
    }

    /// Takes a volume from an app, and notes that its files are to go. What runs keeps it until it is started anew.
    ///
    /// - Throws: `Refusal` when the app has none of that name.
    package func remove(_ name: String, from app: App) async throws -> Volume {
        let row = try await database.first(
            """
            with gone as (
                delete from volumes where app_id = \(app.id) and name = \(name) returning \(unescaped: Self.columns)),
            noted as (insert into removed_volumes (id) select id from gone)
            select * from gone
            """)
        guard let row else { throw Refusal.unknownVolume(name, of: app.name) }
        return try Volume(row)
    }

    /// The IDs of volumes that were taken from their apps, whose files may still be there.
    package func removed() async throws -> [UUID] {
        try await database.query("select id from removed_volumes").map { try $0.get("id") }
    }

    /// Notes that nothing is left of a volume that was taken from its app.
    package func forget(removed id: UUID) async throws {
        _ = try await database.execute("delete from removed_volumes where id = \(id)")
    }
}

extension Volume {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: try row.get("id"), appID: try row.get("app_id"), name: try row.get("name"), path: try row.get("path"),
            isReadOnly: try row.get("read_only"), createdAt: try row.get("created_at"))
    }
}

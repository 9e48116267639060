import Foundation
package import Postgres

/// Keeps users.
package struct UserStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// All users, by name.
    package func list() async throws -> [User] {
        try await database.query("select id, name, admin, created_at from users order by name").map(User.init)
    }

    /// The user of that name.
    ///
    /// - Throws: `Refusal` when there is none.
    package func named(_ name: UserName) async throws -> User {
        let row = try await database.first(
            "select id, name, admin, created_at from users where name = \(name.description)")
        guard let row else { throw Refusal.unknownUser(name.description) }
        return try User(row)
    }

    /// The user whose registered, unexpired key has exactly this wire form; nil when there is none.
    package func holding(keyBlob blob: [UInt8]) async throws(DatabaseError) -> User? {
        let row = try await database.first(
            """
            select u.id, u.name, u.admin, u.created_at from ssh_keys k join users u on u.id = k.user_id
            where k.blob = \(blob) and (k.expires_at is null or k.expires_at > now())
            """)
        return try row.map { row throws(DatabaseError) in try User(row) }
    }

    /// Adds a user, with a first key if there is one: both or neither.
    ///
    /// - Throws: `Refusal` when the name or the key is taken.
    package func add(_ name: UserName, admin: Bool, key: PublicKey?) async throws -> User {
        try await database.transaction { transaction in
            let rows = try await transaction.query(
                """
                insert into users (name, admin) values (\(name.description), \(admin))
                on conflict do nothing returning id, name, admin, created_at
                """)
            guard let row = rows.first else { throw Refusal.userNameTaken(name.description) }
            let user = try User(row)
            if let key {
                try await KeyStore.insert(key, name: KeyStore.defaultName(for: key), user: user, in: transaction)
            }
            return user
        }
    }

    /// Removes a user with their keys and access.
    ///
    /// - Throws: `Refusal` when they own apps or are the last admin.
    package func remove(_ name: UserName) async throws {
        let user = try await named(name)
        do {
            try await database.transaction { transaction in
                try await Self.keepAnAdmin(without: user, in: transaction)
                _ = try await transaction.execute("delete from users where id = \(user.id)")
            }
        } catch let error as DatabaseError where error.isForeignKeyViolation {
            throw Refusal.userOwnsApps(name.description)
        }
    }

    /// Makes a user an admin, or an ordinary user.
    ///
    /// - Throws: `Refusal` when no admin would be left.
    package func setAdmin(_ name: UserName, _ admin: Bool) async throws {
        let user = try await named(name)
        try await database.transaction { transaction in
            if !admin { try await Self.keepAnAdmin(without: user, in: transaction) }
            _ = try await transaction.execute("update users set admin = \(admin) where id = \(user.id)")
        }
    }

    private static func keepAnAdmin(without user: User, in transaction: DatabaseTransaction) async throws {
        guard user.admin else { return }
        let others = try await transaction.query("select id from users where admin and id <> \(user.id) for update")
        if others.isEmpty { throw Refusal.lastAdmin(user.name.description) }
    }
}

extension User {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        name = UserName(stored: try row.get("name"))
        admin = try row.get("admin")
        createdAt = try row.get("created_at")
    }
}

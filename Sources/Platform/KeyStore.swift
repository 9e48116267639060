import Foundation
package import Postgres

/// Keeps the public keys that may log in.
package struct KeyStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// The keys of one user, or of all when nil.
    package func list(of user: User?) async throws -> [SSHKey] {
        let every = user == nil
        return try await database.query(
            """
            select k.id, u.name as user_name, k.name, k.type, k.fingerprint, k.created_at, k.last_used_at, k.expires_at
            from ssh_keys k join users u on u.id = k.user_id
            where \(every) or u.id = \(user?.id) order by u.name, k.name
            """
        ).map(SSHKey.init)
    }

    /// Registers a key for a user, under its comment or type where `name` is nil.
    ///
    /// - Throws: `Refusal` when the key belongs to somebody already or the user has a key of that name.
    package func add(_ key: PublicKey, name: String?, for user: User) async throws -> SSHKey {
        let name = name ?? Self.defaultName(for: key)
        try await database.transaction { transaction in
            try await Self.insert(key, name: name, user: user, in: transaction)
        }
        guard let added = try await list(of: user).first(where: { $0.name == name }) else {
            throw Refusal.unknownKey(name)
        }
        return added
    }

    /// Removes the key of that name or fingerprint from a user.
    ///
    /// - Throws: `Refusal` when they have none such.
    package func remove(_ nameOrFingerprint: String, of user: User) async throws {
        let removed = try await database.execute(
            """
            delete from ssh_keys where user_id = \(user.id)
            and (name = \(nameOrFingerprint) or fingerprint = \(nameOrFingerprint))
            """)
        guard removed > 0 else { throw Refusal.unknownKey(nameOrFingerprint.escaped) }
    }

    /// Notes that a key logged in, at most once a minute.
    package func noteUse(ofKeyBlob blob: [UInt8]) async throws {
        _ = try await database.execute(
            """
            update ssh_keys set last_used_at = now() where blob = \(blob)
            and (last_used_at is null or last_used_at < now() - interval '1 minute')
            """)
    }

    static func defaultName(for key: PublicKey) -> String { key.comment.isEmpty ? key.type : key.comment }

    static func insert(_ key: PublicKey, name: String, user: User, in transaction: DatabaseTransaction) async throws {
        do throws(any Error) {
            _ = try await transaction.execute(
                """
                insert into ssh_keys (user_id, name, type, blob)
                values (\(user.id), \(name), \(key.type), \(key.blob))
                """)
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw error.constraint == "ssh_keys_blob_key" ? Refusal.keyTaken : Refusal.keyNameTaken(name)
        }
    }
}

extension SSHKey {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        user = UserName(stored: try row.get("user_name"))
        name = try row.get("name")
        type = try row.get("type")
        fingerprint = try row.get("fingerprint")
        createdAt = try row.get("created_at")
        lastUsedAt = try row.get("last_used_at")
        expiresAt = try row.get("expires_at")
    }
}

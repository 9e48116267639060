package import Postgres

/// Everything in the database that is sealed, whatever it belongs to.
package struct SecretStore: Sendable {
    private let database: DatabasePool
    private let keys: SecretKeys

    package init(_ database: DatabasePool, keys: SecretKeys) {
        self.database = database
        self.keys = keys
    }

    /// What a rotation did.
    package struct Rotation: Sendable, Equatable {
        /// The ID of the new key, 16 hexadecimal digits.
        package let key: String
        /// How many secrets it seals now.
        package let count: Int
        /// What could not be opened and is forgotten now, such as `the variable 'TOKEN'`.
        package let dropped: [String]
    }

    /// Seals everything anew with a new key. Keys that nothing needs any more leave the file, but the one before stays
    /// until the next rotation.
    ///
    /// The new key is in the file before anybody can see a secret that it sealed, and no key leaves the file before all
    /// that it sealed is sealed otherwise: it may crash at any point, and be run again.
    ///
    /// - Parameter dropUnreadable: whether what cannot be opened is forgotten, instead of ending the rotation.
    /// - Throws: `SecretError`, `DatabaseError`; every secret can be opened as before.
    package func rotate(dropUnreadable: Bool) async throws -> Rotation {
        let rotation = try await locked { transaction in
            if !dropUnreadable { _ = try await ring(in: transaction) }
            return try await sealAll(transaction, dropUnreadable)
        }
        try await locked { transaction in
            guard let ring = try keys.load() else { return }
            try keys.store(ring.keeping(Set(try await uses(transaction).keys)))
        }
        return rotation
    }

    /// Keeps out whoever writes secrets, and other rotations, while `body` runs.
    private func locked<T>(_ body: (DatabaseTransaction) async throws -> T) async throws -> T {
        try await database.transaction { transaction in
            for column in SealedColumn.all {
                try await transaction.execute("lock table \(unescaped: column.table) in share row exclusive mode")
            }
            return try await body(transaction)
        }
    }

    /// Keys that secrets need and that are not in the file: their IDs, each with how many secrets cannot be opened.
    ///
    /// - Throws: `SecretError` for a file that cannot be used, `DatabaseError`.
    package func missingKeys() async throws -> [String: Int] {
        let present = Set(try keys.load()?.keys.map(\.id) ?? [])
        return Dictionary(
            uniqueKeysWithValues: try await uses(database).filter { !present.contains($0.key) }
                .map { ($0.key.hexadecimal, $0.value) })
    }

    /// The keys to seal with in a transaction, of which the first is made now, unless the database shows that there were
    /// some before. No rotation begins until the transaction has ended.
    func ring(in transaction: DatabaseTransaction) async throws -> KeyRing {
        try await transaction.execute("lock table config_vars in row exclusive mode")
        if let ring = try keys.load() { return ring }
        guard try await uses(transaction).isEmpty else { throw SecretError.lostFile(keys.path) }
        return try keys.loadOrMake()
    }

    private func uses(_ database: some Database) async throws -> [[UInt8]: Int] {
        var uses: [[UInt8]: Int] = [:]
        for column in SealedColumn.all { uses.merge(try await column.uses(database)) { $0 + $1 } }
        return uses
    }

    private func sealAll(_ transaction: DatabaseTransaction, _ dropUnreadable: Bool) async throws -> Rotation {
        let ring = try keys.loadOrMake().withNewKey()
        var count = 0
        var dropped: [String] = []
        for column in SealedColumn.all {
            for app in try await column.apps(transaction) {
                for entry in try await column.entries(of: app, transaction) {
                    if try await seal(entry, of: column, with: ring, transaction, dropUnreadable) {
                        count += 1
                    } else {
                        dropped.append("\(entry.place)")
                    }
                }
            }
        }
        try keys.store(ring)
        return Rotation(key: ring.keys[0].id.hexadecimal, count: count, dropped: dropped)
    }

    /// Returns false for a secret that could not be opened and was forgotten.
    private func seal(
        _ entry: SealedColumn.Entry, of column: SealedColumn, with ring: KeyRing, _ transaction: DatabaseTransaction,
        _ dropUnreadable: Bool
    ) async throws -> Bool {
        let secret: [UInt8]
        do throws(SecretError) {
            secret = try ring.open(entry.sealed, for: entry.place)
        } catch {
            guard dropUnreadable else { throw error }
            try await column.forget(entry, transaction)
            return false
        }
        try await column.replace(entry, with: ring.seal(secret, for: entry.place), transaction)
        return true
    }
}

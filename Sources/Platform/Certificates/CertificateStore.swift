package import Foundation
package import Postgres

/// Keeps the certificates of hosts. Private keys are sealed in the database (AES-256-GCM).
///
/// What seals or opens keys throws `SecretError` when the key for that is lost or damaged.
package struct CertificateStore: Sendable {
    static let columns = """
        host, app_id, source, version, names, issuer, not_before, not_after, error, failures, tried_at, next_try_at, \
        unneeded_since
        """
    let database: DatabasePool
    private let secrets: SecretStore
    private let keys: SecretKeys

    package init(_ database: DatabasePool, keys: SecretKeys) {
        self.database = database
        self.keys = keys
        secrets = SecretStore(database, keys: keys)
    }

    /// All that are kept or wanted, by host.
    package func list() async throws -> [HostCertificate] {
        try await database.query(
            "select \(unescaped: Self.columns) from certificates order by host collate \"C\""
        ).map(HostCertificate.init)
    }

    /// That of a host itself, not of a wildcard that covers it; nil when none is kept or wanted.
    package func find(_ host: String) async throws -> HostCertificate? {
        try await database.first("select \(unescaped: Self.columns) from certificates where host = \(host)").map(
            HostCertificate.init)
    }

    /// The certificate itself and its private key; nil when that version is no longer the one that serves.
    package func material(of version: UUID) async throws -> (chain: String, key: String)? {
        let row = try await database.first(
            "select host, chain, sealed_key from certificates where version = \(version)")
        guard let row else { return nil }
        guard let ring = try keys.load() else { throw SecretError.lostFile(keys.path) }
        let key = try ring.open(row.get("sealed_key"), for: .certificateKey(host: row.get("host")))
        return (try row.get("chain"), String(decoding: key, as: UTF8.self))
    }

    /// Keeps a certificate that somebody brought, in the place of what the host had. Wakes the daemon.
    ///
    /// - Throws: `Refusal` when another app has one for that host.
    package func add(
        _ certificate: CheckedCertificate, for host: String, of app: App, by user: String
    ) async throws {
        try await database.transaction { transaction in
            let sealed = try await seal(certificate, host, transaction)
            let kept = try await transaction.execute(
                """
                insert into certificates as c (host, app_id, source, version, chain, sealed_key, names, issuer, not_before,
                    not_after, updated_by)
                values (\(host), \(app.id), 'own', \(UUID()), \(certificate.chain), \(sealed), \(certificate.names),
                    \(certificate.issuer), \(certificate.notBefore), \(certificate.notAfter), \(user))
                on conflict (host) do update set app_id = excluded.app_id, source = 'own', version = excluded.version,
                    chain = excluded.chain, sealed_key = excluded.sealed_key, names = excluded.names,
                    issuer = excluded.issuer, not_before = excluded.not_before, not_after = excluded.not_after,
                    authority = null, error = null, failures = 0, tried_at = null, next_try_at = null,
                    unneeded_since = null, noticed_at = null, updated_at = now(), updated_by = excluded.updated_by
                where c.source = 'acme' or c.app_id = \(app.id)
                """)
            guard kept == 1 else { throw Refusal.certificateTaken(host) }
            try await Self.forgetNotices(of: host, of: app, transaction)
        }
        try await Wake.send(over: database)
    }

    /// Keeps what a certificate authority issued, in the place of what the host had.
    ///
    /// - Parameters:
    ///   - authority: the URL of its directory.
    ///   - renewAt: when it is to be got anew.
    /// - Returns: whether one from an authority is still wanted: false when somebody brought one meanwhile.
    package func keep(
        _ certificate: CheckedCertificate, for host: String, from authority: String, renewAt: Date
    ) async throws -> Bool {
        try await database.transaction { transaction in
            let sealed = try await seal(certificate, host, transaction)
            return try await transaction.execute(
                """
                update certificates set version = \(UUID()), chain = \(certificate.chain), sealed_key = \(sealed),
                    names = \(certificate.names), issuer = \(certificate.issuer), not_before = \(certificate.notBefore),
                    not_after = \(certificate.notAfter), authority = \(authority), error = null, failures = 0,
                    tried_at = now(), next_try_at = \(renewAt), noticed_at = null, updated_at = now()
                where host = \(host) and source = 'acme'
                """) == 1
        }
    }

    /// Notes why a host has got no new certificate; what it had stays.
    package func fail(_ host: String, because reason: String, nextTryAt: Date) async throws {
        try await database.execute(
            """
            update certificates set error = \(reason), failures = failures + 1, tried_at = now(),
                next_try_at = \(nextTryAt), updated_at = now()
            where host = \(host) and source = 'acme'
            """)
    }

    /// Forgets a certificate that somebody brought. Wakes the daemon.
    ///
    /// - Returns: whether there was one of that app.
    package func remove(_ host: String, of app: App) async throws -> Bool {
        let removed = try await database.transaction { transaction in
            try await Self.forgetNotices(of: host, of: app, transaction)
            return try await transaction.execute(
                "delete from certificates where host = \(host) and app_id = \(app.id) and source = 'own'")
        }
        try await Wake.send(over: database)
        return removed == 1
    }

    /// Asks for a new certificate now, unless that was tried within `seconds`. Wakes the daemon.
    ///
    /// - Returns: whether it was asked for.
    package func renew(_ host: String, unlessTriedWithin seconds: Int) async throws -> Bool {
        let asked = try await database.execute(
            """
            update certificates set next_try_at = now() where host = \(host) and source = 'acme'
            and (tried_at is null or tried_at < now() - make_interval(secs => \(Double(seconds))))
            """)
        try await Wake.send(over: database)
        return asked == 1
    }

    private func seal(
        _ certificate: CheckedCertificate, _ host: String, _ transaction: DatabaseTransaction
    ) async throws -> [UInt8] {
        try await secrets.ring(in: transaction).seal(Array(certificate.key.utf8), for: .certificateKey(host: host))
    }
}

extension Refusal {
    package static func certificateTaken(_ host: String) -> Refusal {
        Refusal("cannot add a certificate for '\(host)': another app has that host; ask an admin")
    }

    package static func certificateKept(_ host: String) -> Refusal {
        Refusal("the certificate of '\(host)' was brought for another app that has the host as well; ask an admin")
    }
}

extension HostCertificate {
    init(_ row: Row) throws {
        host = try row.get("host")
        appID = try row.get("app_id")
        source = Source(rawValue: try row.get("source", as: String.self)) ?? .own
        issued = try Issued(row)
        error = try row.get("error")
        failures = try row.get("failures")
        triedAt = try row.get("tried_at")
        nextTryAt = try row.get("next_try_at")
        unneededSince = try row.get("unneeded_since")
    }
}

extension HostCertificate.Issued {
    /// nil for a row without a certificate.
    fileprivate init?(_ row: Row) throws {
        guard let version = try row.get("version", as: UUID?.self) else { return nil }
        self.version = version
        names = try row.get("names")
        issuer = try row.get("issuer")
        notBefore = try row.get("not_before")
        notAfter = try row.get("not_after")
    }
}

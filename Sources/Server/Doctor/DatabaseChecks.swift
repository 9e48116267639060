import Foundation
import Platform
import Postgres

/// The database, and the keys that open what it holds.
struct DatabaseChecks: Sendable {
    private static let oldest = 130_000
    let configuration: Configuration
    let folder: DataFolder
    let database: DatabasePool

    var all: [DoctorCheck] {
        [
            DoctorCheck("database") { try await server() },
            DoctorCheck("database schema") { try await schema() },
            DoctorCheck("config secrets") { try await secrets() },
            DoctorCheck("certificates") { try await certificates() },
        ]
    }

    private func server() async throws -> Finding {
        do throws(DatabaseError) {
            let row = try await database.first(
                """
                select current_setting('server_version') as text, current_setting('server_version_num')::bigint as number,
                    extract(epoch from clock_timestamp())::double precision as now
                """)
            guard let row else { return .problem("it gave no answer") }
            return try judge(
                version: row.get("text"), number: row.get("number"),
                clockAhead: row.get("now") - Date().timeIntervalSince1970)
        } catch {
            let advice =
                configuration.databaseURL == nil
                ? "'make up' or 'martlet serve' starts it; its log is '\(folder.postgres)/log'"
                : "check MARTLET_DATABASE_URL, and that the server runs"
            return .problem("\(error.reason)", advice)
        }
    }

    func judge(version: String, number: Int, clockAhead: Double) -> Finding {
        let name =
            "PostgreSQL \(version), \(configuration.databaseURL == nil ? "private" : "named by MARTLET_DATABASE_URL")"
        guard number >= Self.oldest else { return .problem("\(name): older than 13", "upgrade it with pg_upgrade") }
        guard abs(clockAhead) < 2 else {
            return .warning("\(name); its clock differs by \(Int(clockAhead.rounded())) s", "synchronize both clocks")
        }
        return .ok(name)
    }

    private func certificates() async throws -> Finding {
        let all: [HostCertificate]
        do {
            all = try await CertificateStore(database, keys: folder.secretKeys).list()
        } catch {
            return .warning("unknown while the database does not answer")
        }
        return Self.judge(all.filter { $0.unneededSince == nil }, now: Date())
    }

    static func judge(_ certificates: [HostCertificate], now: Date) -> Finding {
        let ended = certificates.filter { $0.issued.map { $0.notAfter < now } ?? false }
        let failing = certificates.filter { $0.error != nil }
        let advice = "see 'certificates list --all'"
        if let one = ended.first {
            return .problem("\(ended.count) expired, among them that of '\(one.host)'", advice)
        }
        if let one = failing.first, let error = one.error {
            return .warning("\(failing.count) cannot be got, among them that of '\(one.host)': \(error)", advice)
        }
        return .ok(certificates.isEmpty ? "none" : "\(certificates.count), none of them failing")
    }

    private func schema() async throws -> Finding {
        do throws(DatabaseError) {
            let row = try await database.first("select max(number) as number from schema_migrations")
            let number = try row?.get("number", as: Int?.self) ?? 0
            return Self.judge(schema: number, known: Schema.migrations.count)
        } catch {
            // 42P01: there is no such table.
            if error.sqlState == "42P01" { return Self.judge(schema: 0, known: Schema.migrations.count) }
            return .warning("unknown while the database does not answer")
        }
    }

    static func judge(schema: Int, known: Int) -> Finding {
        if schema > known {
            return .problem("it is at \(schema), this martlet knows \(known)", "run the martlet that it belongs to")
        }
        return schema == known
            ? .ok("\(schema)")
            : .warning("it is at \(schema) of \(known)", "the next start of martlet brings it up to date")
    }

    private func secrets() async throws -> Finding {
        do throws(any Error) {
            let missing = try await SecretStore(database, keys: folder.secretKeys).missingKeys()
            guard missing.isEmpty else {
                let counts = missing.sorted { $0.key < $1.key }.map { "\($0.value) need key \($0.key)" }
                return .problem(
                    "values cannot be decrypted: \(counts.joined(separator: ", "))",
                    "bring '\(folder.secretKeys.path)' back from a backup, or set them anew")
            }
            return .ok("every value has its key")
        } catch is DatabaseError {
            return .warning("unknown while the database does not answer")
        }
    }
}

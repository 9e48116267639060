package import Foundation
import Postgres

/// What the daemon does with certificates.
extension CertificateStore {
    /// Every host of every app, those of domains first.
    ///
    /// - Parameter defaultHost: an app's host under the base domain.
    package func hosts(defaultHost: (AppName) -> String) async throws -> [AppHost] {
        let apps = try await database.query(
            """
            select id, name, exists (select from releases r where r.app_id = a.id
                and r.status in ('switching', 'canary', 'live')) as live
            from apps a order by name
            """
        ).map { row in
            let name = AppName(stored: try row.get("name"))
            return AppHost(
                host: defaultHost(name), appID: try row.get("id"), app: name, isDefault: true,
                isLive: try row.get("live"))
        }
        let byID = Dictionary(uniqueKeysWithValues: apps.map { ($0.appID, $0) })
        // Paths of one host may lead to several apps; the one with the most of it comes first.
        let domains = try await database.query(
            "select host, app_id from domains group by host, app_id order by host, min(length(path)), app_id"
        ).compactMap { row -> AppHost? in
            guard let app = byID[try row.get("app_id")] else { return nil }
            return AppHost(
                host: try row.get("host"), appID: app.appID, app: app.app, isDefault: false, isLive: app.isLive)
        }
        return domains + apps
    }

    /// Makes what is kept agree with the hosts that there are: an own certificate never serves another app, and what
    /// nobody needs any more is marked.
    package func settle(_ hosts: [AppHost]) async throws {
        let (names, apps) = (hosts.map(\.host), hosts.map(\.appID.text))
        try await database.execute(
            """
            delete from certificates c where source = 'own' and host = any(\(names)) and not exists (
                select from unnest(\(names), \(apps)) as h (host, app) where h.host = c.host and h.app::uuid = c.app_id)
            """)
        try await database.execute(
            """
            update certificates set unneeded_since = case when unneeded_since is null then now() end
            where source = 'own' and (unneeded_since is null) <> (host = any(\(names)))
            """)
    }

    /// Makes those known that are to be got from an authority, and forgets those that are not needed any more after a
    /// week. Own certificates stay.
    ///
    /// - Parameter authority: the URL of its directory; what another one issued is to be got anew.
    package func want(_ wanted: [WantedCertificate], from authority: String) async throws {
        let (hosts, apps) = (wanted.map(\.host), wanted.map { $0.appID?.text ?? "" })
        try await database.execute(
            """
            insert into certificates as c (host, app_id, source, next_try_at)
            select host, nullif(app, '')::uuid, 'acme', now() from unnest(\(hosts), \(apps)) as w (host, app)
            on conflict (host) do update set app_id = excluded.app_id, unneeded_since = null,
                next_try_at = case when c.authority is distinct from \(authority) and c.failures = 0 then now()
                    else c.next_try_at end
            where c.source = 'acme' and (c.app_id is distinct from excluded.app_id or c.unneeded_since is not null
                or c.authority is distinct from \(authority) and c.failures = 0)
            """)
        try await database.execute(
            """
            delete from certificates where source = 'acme' and host <> all(\(hosts))
            and (version is null or unneeded_since < now() - interval '7 days')
            """)
        try await database.execute(
            """
            update certificates set unneeded_since = now()
            where source = 'acme' and host <> all(\(hosts)) and unneeded_since is null
            """)
    }

    /// The one that is to be got from an authority first: of hosts that have none the newest, since somebody waits for it,
    /// then those that are to be renewed. nil when none is due.
    package func due() async throws -> HostCertificate? {
        try await database.first(
            """
            select \(unescaped: Self.columns) from certificates
            where source = 'acme' and unneeded_since is null and next_try_at <= now()
            order by version is not null, extract(epoch from next_try_at) * case when version is null then -1 else 1 end
            limit 1
            """
        ).map(HostCertificate.init)
    }

    /// Asks no authority before that time, whatever the host.
    package func postpone(until date: Date) async throws {
        try await database.execute(
            "update certificates set next_try_at = \(date) where source = 'acme' and next_try_at < \(date)")
    }

    /// Tells apps' people, once a day, of certificates that end within two weeks and that will not be renewed by
    /// themselves.
    package func noteExpiries() async throws {
        try await database.transaction { transaction in
            let rows = try await transaction.query(
                """
                update certificates c set noticed_at = now() from apps a
                where a.id = c.app_id and c.not_after < now() + interval '14 days' and c.unneeded_since is null
                and (c.source = 'own' or c.error is not null)
                and (c.noticed_at is null or c.noticed_at < now() - interval '1 day')
                returning c.host, c.app_id, a.name, c.source, c.not_after, c.error
                """)
            for row in rows {
                let text = try Self.notice(row)
                try await transaction.execute(
                    "insert into notices (app_id, text) values (\(try row.get("app_id", as: UUID.self)), \(text))")
            }
        }
    }

    /// What they were about is settled.
    static func forgetNotices(of host: String, of app: App, _ transaction: DatabaseTransaction) async throws {
        try await transaction.execute(
            "delete from notices where app_id = \(app.id) and starts_with(text, \(noticeStart(host)))")
    }

    private static func noticeStart(_ host: String) -> String { "the certificate for '\(host)' " }

    private static func notice(_ row: Row) throws -> String {
        let (host, end): (String, Date) = (try row.get("host"), try row.get("not_after"))
        let day = end.ISO8601Format().prefix(10)
        let what = "\(noticeStart(host))\(end < Date() ? "expired" : "expires") on \(day)"
        if let error = try row.get("error", as: String?.self) { return "\(what) and is not renewed: \(error)" }
        let app: String = try row.get("name")
        return "\(what); bring a new one: certificates add \(app) \(host) < FILE"
    }
}

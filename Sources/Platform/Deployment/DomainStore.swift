package import Postgres

/// Keeps the addresses that were given to apps beside their default ones.
package struct DomainStore: Sendable {
    /// How many an app may have.
    package static let limit = 1_000

    private static let columns = "id, app_id, host, path, strips, redirect, created_at"
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// The domains of an app, by host and path.
    package func list(of app: App) async throws -> [Domain] {
        try await database.query(
            "select \(unescaped: Self.columns) from domains where app_id = \(app.id) order by host, path"
        ).map(Domain.init)
    }

    /// The domains of every app, by host and path.
    package func all() async throws -> [Domain] {
        try await database.query("select \(unescaped: Self.columns) from domains order by host, path").map(Domain.init)
    }

    /// Adds a domain to an app. Several apps may share a host, under different paths, where one person maintains them all.
    ///
    /// - Parameters:
    ///   - path: `/` for all, else such as `/api`.
    ///   - redirect: the URL that visitors are sent to instead; nil for none.
    ///   - baseDomain: the one whose hosts the server gives to apps by itself.
    ///   - check: throws why the domain cannot be routed.
    /// - Throws: `Refusal`. It does not tell whose a host is.
    package func add(
        _ host: String, path: String = "/", strips: Bool = false, redirect: String? = nil, to app: App,
        by caller: Caller, baseDomain: String, check: (Domain) async throws -> Void = { _ in }
    ) async throws -> Domain {
        let domain = Domain(
            appID: app.id, host: try DomainRules.host(host), path: try DomainRules.path(path), strips: strips,
            redirect: try redirect.map { text throws(Refusal) in try DomainRules.url(text) })
        guard caller.isAdmin || !DomainRules.isWithin(domain.host, baseDomain) else {
            throw Refusal(
                "cannot add '\(domain.host)': the server itself gives out the names of '\(baseDomain)'; ask an admin")
        }
        try domain.checkRedirect()
        try await check(domain)
        try await database.transaction { transaction in
            try await lock(domain, of: app, transaction)
            try await checkDefault(domain, app, baseDomain, transaction)
            try await checkOthers(of: domain, app, caller, transaction)
            try await transaction.execute(
                """
                insert into domains (id, app_id, host, path, strips, redirect) values
                    (\(domain.id), \(app.id), \(domain.host), \(domain.path), \(strips), \(domain.redirect))
                """)
        }
        return domain
    }

    /// Takes a domain from an app.
    ///
    /// - Throws: `Refusal` when the app has none of that host and path.
    package func remove(_ host: String, path: String = "/", from app: App) async throws -> Domain {
        let (host, path) = (try DomainRules.host(host), try DomainRules.path(path))
        let row = try await database.first(
            """
            delete from domains where app_id = \(app.id) and host = \(host) and path = \(path)
            returning \(unescaped: Self.columns)
            """)
        guard let row else {
            throw Refusal.unknownDomain(Domain(appID: app.id, host: host, path: path).address, of: app.name)
        }
        return try Domain(row)
    }

    /// Makes sure that no domain leads from a host to any app, until the transaction ends: an app is to have it by default.
    ///
    /// - Parameter host: nil for none.
    /// - Throws: `Refusal` when one does.
    static func keepFree(_ host: String?, _ transaction: DatabaseTransaction) async throws {
        guard let host else { return }
        try await lock(host, transaction)
        guard try await transaction.first("select id from domains where host = \(host) and path = '/'") == nil else {
            throw Refusal.hostTaken(host)
        }
    }

    /// Puts those in line who have to do with a host.
    private static func lock(_ host: String, _ transaction: DatabaseTransaction) async throws {
        try await transaction.execute("select pg_advisory_xact_lock(hashtext('martlet domain'), hashtext(\(host)))")
    }

    /// Puts those in line who add domains of one host.
    private func lock(_ domain: Domain, of app: App, _ transaction: DatabaseTransaction) async throws {
        try await Self.lock(domain.host, transaction)
        guard try await transaction.first("select id from apps where id = \(app.id) for update") != nil else {
            throw Refusal.unknownApp(app.name.description)
        }
        let row = try await transaction.first("select count(*) as count from domains where app_id = \(app.id)")
        guard try row?.get("count", as: Int.self) ?? 0 < Self.limit else {
            throw Refusal("app '\(app.name)' has \(Self.limit) domains, as many as it may; remove some first")
        }
    }

    /// The host that an app has by its name is that app's, but for paths that an admin gives to others. Nobody else gets as
    /// far as this.
    private func checkDefault(
        _ domain: Domain, _ app: App, _ baseDomain: String, _ transaction: DatabaseTransaction
    ) async throws {
        guard domain.path == "/" else { return }
        let row = try await transaction.first(
            "select id, name from apps where name || '.' || \(baseDomain.lowercased()) = \(domain.host)")
        guard let row else { return }
        guard try row.get("id") != app.id else { throw Refusal.domainPresent(domain, app.name) }
        throw Refusal.defaultHost(domain.host, of: try row.get("name"))
    }

    private func checkOthers(
        of domain: Domain, _ app: App, _ caller: Caller, _ transaction: DatabaseTransaction
    ) async throws {
        let rows = try await transaction.query(
            """
            select d.app_id, d.path, \(caller.isAdmin) or a.owner_id = \(caller.userID) or exists (
                select from app_access x
                where x.app_id = a.id and x.user_id = \(caller.userID) and x.role = 'maintainer') as maintained
            from domains d join apps a on a.id = d.app_id where d.host = \(domain.host)
            """)
        for row in rows where try row.get("path") == domain.path {
            guard try row.get("app_id") != app.id else { throw Refusal.domainPresent(domain, app.name) }
        }
        guard try rows.allSatisfy({ try $0.get("app_id") == app.id || $0.get("maintained") }) else {
            throw Refusal.domainTaken(domain.host)
        }
        guard try !rows.contains(where: { try $0.get("path") == domain.path }) else {
            throw Refusal.addressTaken(domain)
        }
    }
}

extension Domain {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: try row.get("id"), appID: try row.get("app_id"), host: try row.get("host"), path: try row.get("path"),
            strips: try row.get("strips"), redirect: try row.get("redirect"), createdAt: try row.get("created_at"))
    }
}

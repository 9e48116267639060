package import Foundation
package import Postgres

/// What serves one app now.
package struct Service: Sendable {
    package let appID: UUID
    package let app: AppName
    /// The processes that requests go to.
    package let upstreams: [Upstream]
    /// The files that are served instead; nil for an app that runs.
    package let site: BuildProduct.Site?
    /// How the release that serves wants its requests treated.
    package let routing: RoutingSettings
    /// Whether visitors are kept out for the moment.
    package let isClosed: Bool
    /// Where all its processes of other types answer, by type; each is `ADDRESS:PORT` with the port of the web process.
    package let addresses: [String: [String]]

    /// A process that answers requests.
    package struct Upstream: Sendable, Hashable {
        /// `ADDRESS:PORT`.
        package let address: String
        /// Its share of requests in relation to those of the others.
        package let weight: Int
    }
}

/// Reads what serves each app.
package struct ServiceStore: Sendable {
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// What serves each app: its newest release that is live or being switched to, and its canary beside that. An app that
    /// has neither is there without anything.
    package func all() async throws -> [Service] {
        let releases = try await database.query(
            """
            select a.id as app_id, a.name, a.closed_by is not null as closed, r.id, r.product::text as product, r.weight
            from apps a left join lateral (
                (select * from releases where app_id = a.id and status in ('switching', 'live') order by number desc limit 1)
                union all
                select * from releases where app_id = a.id and status = 'canary'
            ) r on true
            order by a.name, r.weight nulls first
            """)
        let processes = Dictionary(grouping: try await running(), by: \.release)
        return try Dictionary(grouping: releases) { try $0.get("name", as: String.self) }
            .values.map { rows in try Self.service(rows, processes) }
            .sorted { $0.app.description < $1.app.description }
    }

    private struct Running {
        let release: UUID
        let type: String
        let address: String
        let isReady: Bool
    }

    private func running() async throws -> [Running] {
        try await database.query(
            """
            select p.release_id, p.type, p.address, p.ready from processes p join releases r on r.id = p.release_id
            where p.state = 'running' and p.address is not null and r.status in ('switching', 'live', 'canary')
            order by p.type, p.index, p.started_at
            """
        ).map { row in
            Running(
                release: try row.get("release_id"), type: try row.get("type"), address: try row.get("address"),
                isReady: try row.get("ready"))
        }
    }

    private static func service(_ rows: [Row], _ processes: [UUID: [Running]]) throws -> Service {
        let first = rows[0]
        let main = try first.get("id", as: UUID?.self)
        let product = try first.get("product", as: String?.self).map(BuildProduct.init(json:))
        let running = main.flatMap { processes[$0] } ?? []
        var canary: (share: Int, addresses: [String])?
        for row in rows {
            guard let weight = try row.get("weight", as: Int?.self), let id = try row.get("id", as: UUID?.self) else {
                continue
            }
            canary = (weight, addresses(processes[id] ?? []))
        }
        return Service(
            appID: try first.get("app_id"), app: AppName(stored: try first.get("name")),
            upstreams: weighted(addresses(running), canary), site: product?.site,
            routing: product?.routing ?? RoutingSettings(), isClosed: try first.get("closed"),
            addresses: Dictionary(grouping: running, by: \.type).mapValues { $0.map(\.address) })
    }

    /// The addresses of web processes that are ready; of all when none is, for then it is better to try.
    private static func addresses(_ running: [Running]) -> [String] {
        let web = running.filter { $0.type == ProcessDeclaration.web }
        let ready = web.filter(\.isReady)
        return (ready.isEmpty ? web : ready).map(\.address)
    }

    /// Splits requests so that all of the canary's processes together get its share. Weights are 1–100.
    static func weighted(_ main: [String], _ canary: (share: Int, addresses: [String])?) -> [Service.Upstream] {
        guard let canary, !canary.addresses.isEmpty, !main.isEmpty else {
            return main.map { .init(address: $0, weight: 1) }
        }
        let weights = [(100 - canary.share) * canary.addresses.count, canary.share * main.count].map(Double.init)
        let unit = max(weights.min() ?? 1, (weights.max() ?? 1) / 100)
        // Ten steps below the smaller one, as far as a hundred allows, so that rounding changes little.
        let scale = min(10, 100 / ((weights.max() ?? 1) / unit))
        let (heavy, light) = (Int((weights[0] / unit * scale).rounded()), Int((weights[1] / unit * scale).rounded()))
        return main.map { .init(address: $0, weight: max(1, heavy)) }
            + canary.addresses.map { .init(address: $0, weight: max(1, light)) }
    }
}

import Foundation
package import Platform
package import Postgres
package import Routing

/// Keeps the proxy's routes equal to what the database says serves.
package actor RouteTable {
    /// What is known outside of the database.
    package struct Surroundings: Sendable {
        /// The folder of the files of static sites.
        package var sites: String
        /// The default host of an app.
        package var host: @Sendable (AppName) -> String
        /// The certificate of a host; nil when it has none.
        package var certificate: @Sendable (String) -> RouteCertificate?

        package init(
            sites: String, host: @escaping @Sendable (AppName) -> String,
            certificate: @escaping @Sendable (String) -> RouteCertificate?
        ) {
            self.sites = sites
            self.host = host
            self.certificate = certificate
        }
    }

    private let proxy: NginxProxy
    private let services: ServiceStore
    private let domains: DomainStore
    private let routing: RoutingStore
    private let ports: PortStore
    private let surroundings: Surroundings
    private var last: Task<Void, any Error>?

    package init(proxy: NginxProxy, database: DatabasePool, surroundings: Surroundings) {
        self.proxy = proxy
        services = ServiceStore(database)
        domains = DomainStore(database)
        routing = RoutingStore(database)
        ports = PortStore(database)
        self.surroundings = surroundings
    }

    /// Reads the database and brings the proxy in line; returns once new requests go where they should.
    package func refresh() async throws {
        // One after the other: a table that was read earlier must not be applied later.
        let former = last
        let task = Task {
            _ = await former?.result
            try await apply()
        }
        last = task
        try await task.value
    }

    /// The apps whose routes in force are not what the database says now, by name; nil when the proxy does not run.
    package func stale() async throws -> Set<String>? {
        let (routes, streams) = try await wanted()
        return proxy.isRunning ? proxy.stale(routes, streams: streams) : nil
    }

    /// Why apps are not routed as was asked for when routes were brought in force last.
    package nonisolated var problems: [RoutingProblem] { proxy.problems }

    /// The same of one app, in words for its people.
    package nonisolated func problems(of app: AppName) -> [String] {
        problems.filter { $0.app == app.description }.map { "the proxy cannot route all of it: \($0.reason)" }
    }

    /// Lets nginx judge an app's own directives at all its addresses, before what is to change is kept. Does nothing where
    /// it has none.
    ///
    /// - Parameters:
    ///   - own: what is to be set for it; nil for what is.
    ///   - domain: one that it is to get; nil for none.
    /// - Throws: `RoutingError` with nginx's words.
    package func check(_ app: App, settings own: RoutingSettings?, adding domain: Domain?) async throws {
        let own = if let own { own } else { try await routing.settings(of: app) }
        guard own.snippet != nil, let service = try await services.all().first(where: { $0.appID == app.id }) else {
            return
        }
        var route = route(service, try await domains.list(of: app) + (domain.map { [$0] } ?? []), own)
        // Its page, or that nothing runs, would stand in for all that is to be judged.
        route.settings.isInMaintenance = nil
        route.upstreams = [Route.Upstream(address: "127.0.0.1:9")]
        for index in route.endpoints.indices { route.endpoints[index].certificate = nil }
        try await proxy.check(route)
    }

    private func apply() async throws {
        let (routes, streams) = try await wanted()
        try await proxy.apply(routes, streams: streams)
    }

    private func wanted() async throws -> ([Route], [StreamRoute]) {
        let services = try await services.all()
        let domains = Dictionary(grouping: try await domains.all(), by: \.appID)
        let settings = try await routing.all()
        let routes = services.map { service in
            route(service, domains[service.appID] ?? [], settings[service.appID] ?? RoutingSettings())
        }
        return (routes, streams(services, try await ports.all()))
    }

    private func route(_ service: Service, _ domains: [Domain], _ own: RoutingSettings) -> Route {
        var settings = own.over(service.routing)
        if service.isClosed { settings.isInMaintenance = true }
        return Route(
            app: service.app.description, endpoints: endpoints(service.app, domains),
            upstreams: service.upstreams.map { .init(address: $0.address, weight: $0.weight) },
            site: service.site.map(site), settings: settings)
    }

    private func site(_ site: BuildProduct.Site) -> Route.Site {
        Route.Site(root: "\(surroundings.sites)/\(site.folder)", isSinglePage: site.isSinglePage)
    }

    private func endpoints(_ app: AppName, _ domains: [Domain]) -> [Route.Endpoint] {
        let host = surroundings.host(app)
        let own = Route.Endpoint(host: host, certificate: surroundings.certificate(host))
        return [own]
            + domains.map { domain in
                Route.Endpoint(
                    host: domain.host, path: domain.path, strips: domain.strips, redirect: domain.redirect,
                    certificate: surroundings.certificate(domain.host))
            }
    }

    /// The published ports, each leading to where the processes of its type answer.
    private func streams(_ services: [Service], _ ports: [PublishedPort]) -> [StreamRoute] {
        let byID = Dictionary(services.map { ($0.appID, $0) }) { one, _ in one }
        return ports.compactMap { port in
            guard let service = byID[port.appID] else { return nil }
            let upstreams = (service.addresses[port.type] ?? []).compactMap { address in
                address.split(separator: ":").first.map { Route.Upstream(address: "\($0):\(port.target)") }
            }
            return StreamRoute(
                app: service.app.description, transport: port.transport, port: port.port, upstreams: upstreams)
        }
    }
}

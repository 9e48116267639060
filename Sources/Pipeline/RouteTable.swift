import Logging
package import Platform
package import Routing

/// Keeps the proxy's routes equal to what the database says serves.
package actor RouteTable {
    private let proxy: NginxProxy
    private let processes: ProcessStore
    private let sites: String
    private let host: @Sendable (AppName) -> String
    private var last: Task<Void, any Error>?

    /// - Parameter sites: the folder of the files of static sites.
    package init(
        proxy: NginxProxy, processes: ProcessStore, sites: String, host: @escaping @Sendable (AppName) -> String
    ) {
        self.proxy = proxy
        self.processes = processes
        self.sites = sites
        self.host = host
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

    private func apply() async throws {
        let routes = try await processes.services().map { service in
            let site = service.site.map { Route.Site(root: "\(sites)/\($0.folder)", isSinglePage: $0.isSinglePage) }
            return Route(
                app: service.app.description, hosts: [host(service.app)], upstreams: service.addresses, site: site)
        }
        try await proxy.apply(routes.sorted { $0.app < $1.app })
    }
}

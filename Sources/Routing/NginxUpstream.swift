/// The processes of an app, as nginx knows them.
enum NginxUpstream {
    static func lines(_ app: NginxApp, _ siteSocket: String?) -> [String] {
        if let siteSocket {
            return NginxText.block("upstream site-\(app.name)", ["server \"unix:\(siteSocket)\" max_fails=0;"])
        }
        return app.isProxied ? NginxText.block("upstream app-\(app.name)", servers(app.route.upstreams)) : []
    }

    /// How the lines of processes begin, and no others: what admins write stands deeper.
    static let linePrefix = "    server "

    static func servers(_ upstreams: [Route.Upstream]) -> [String] {
        upstreams.map { "server \($0.address) weight=\($0.weight) max_fails=1 fail_timeout=2s;" }
    }
}

import Platform

/// Ports that lead to processes without HTTP.
struct NginxStreams {
    let routes: [StreamRoute]
    let module: StreamModule
    let listening: NginxListening

    /// Before all blocks.
    var loading: [String] {
        guard !routes.isEmpty, case .loadable(let path) = module else { return [] }
        return ["load_module \"\(path)\";"]
    }

    var lines: [String] { routes.isEmpty ? [] : NginxText.block("stream", routes.flatMap(server)) }

    private func server(_ route: StreamRoute) -> [String] {
        let name = "\(route.transport.rawValue)-\(route.port)"
        // Each worker its own socket: the datagrams of one client then come to one worker.
        let options = route.transport == .udp ? " udp reuseport" : ""
        return ["# \(route.app)"]
            + NginxText.block("upstream \(name)", NginxUpstream.servers(route.upstreams))
            + NginxText.block(
                "server",
                [
                    "listen \(listening.place(route.port))\(options);", "proxy_pass \(name);",
                    "proxy_connect_timeout 5s;", "proxy_timeout \(route.transport == .udp ? "1m" : "1h");",
                ])
    }
}

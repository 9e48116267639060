import Platform

/// What answers below a path of a host.
struct NginxLocation {
    let place: NginxHost.Place
    let app: NginxApp
    let folder: NginxFolder
    let listening: NginxListening
    let prefixes: NginxPrefixes
    /// Whether this is the plain side of a host that has TLS too.
    let isBesideTLS: Bool
    /// Header directives of the server, to be said again where there are others.
    let security: [String]

    var lines: [String] { NginxText.block(match, content) }

    private var match: String {
        place.path == "/" ? "location /" : "location ~ \"^\(NginxPrefixes.pattern(place.path))(?:/|$)\""
    }

    private var content: [String] {
        if let redirect = place.redirect.flatMap(ProxyURL.init) {
            return Self.redirect(redirect.target.isEmpty ? redirect.text + "$request_uri" : redirect.text)
        }
        if isBesideTLS, app.settings.redirectsToHTTPS ?? true {
            return Self.secured(listening)
        }
        if let obstacle = app.obstacle { return unavailable(obstacle) }
        if app.isInMaintenance { return NginxMaintenance(app: app, folder: folder).lines }
        // A header that the snippet adds would put those of the server out of force.
        let again = snippet.isEmpty || authentication.isForwarded ? [] : own(security)
        return limits + hiding + stripping + authentication.lines(security) + again + destination + snippet
    }

    /// The same address with TLS.
    static func secured(_ listening: NginxListening) -> [String] {
        redirect("https://$host\(listening.tlsSuffix)$request_uri")
    }

    /// For good, with the method kept: 301 does so for GET only, and is what all clients know.
    private static func redirect(_ url: String) -> [String] {
        ["if ($request_method !~ \"^(?:GET|HEAD)$\") { return 308 \"\(url)\"; }", "return 301 \"\(url)\";"]
    }

    private func unavailable(_ words: String) -> [String] {
        ["add_header Retry-After 5 always;"] + security + ["return 503 \"\(words)\\n\";"]
    }

    private var limits: [String] {
        let bytes = app.settings.maxBodyBytes ?? (app.isGRPC ? 0 : 100 << 20)
        let seconds = app.settings.readTimeoutSeconds ?? 60
        let limits = [
            "client_max_body_size \(bytes);", "\(module)_read_timeout \(seconds)s;",
            "\(module)_send_timeout \(seconds)s;",
        ]
        return app.isGRPC ? limits + ["client_body_timeout \(seconds)s;", "grpc_connect_timeout 5s;"] : limits
    }

    private var module: String { app.isGRPC ? "grpc" : "proxy" }

    /// One of the two must say for how long, and that is who was asked to.
    private var hiding: [String] {
        security.isEmpty ? [] : ["\(module)_hide_header Strict-Transport-Security;"]
    }

    private var stripping: [String] {
        guard place.strips else { return [] }
        // gRPC's paths are plain, and its module takes no variables.
        if app.isGRPC { return ["rewrite \"^\(NginxPrefixes.pattern(place.path))(/.*)$\" $1 break;"] }
        return ["if (\(prefixes.variable(place.path)) = \"\") { return 404 \"no such path\\n\"; }"]
    }

    private var authentication: NginxAuthentication { NginxAuthentication(app: app, folder: folder) }

    private var destination: [String] {
        let uri = place.strips ? prefixes.variable(place.path) : ""
        if app.route.site != nil {
            let redirects = place.strips ? ["proxy_redirect / \(place.path)/;"] : []
            return ["proxy_set_header Host site-\(app.name);"] + redirects + [
                "proxy_pass http://site-\(app.name)\(uri);"
            ]
        }
        if app.route.upstreams.isEmpty { return unavailable(NginxApp.notRunning) }
        let prefix = place.strips ? place.path : ""
        if app.isGRPC {
            return own(NginxHeaders.gRPC(prefix: prefix, authentication.headers)) + [
                "grpc_pass grpc://app-\(app.name);"
            ]
        }
        // A header that the snippet sets here would put those out of force that are set for all.
        let headers =
            prefix.isEmpty && authentication.headers.isEmpty && snippet.isEmpty
            ? [] : own(NginxHeaders.proxied(prefix: prefix, authentication.headers))
        return headers + ["proxy_pass http://app-\(app.name)\(uri);"]
    }

    /// Those of the lines that set a header which the snippet does not set itself.
    private func own(_ lines: [String]) -> [String] {
        let taken = NginxText.directives(app.settings.snippet ?? "").compactMap { directive in
            directive.count > 1 ? "\(directive[0]) \(directive[1]) ".lowercased() : nil
        }
        return lines.filter { line in !taken.contains { line.lowercased().hasPrefix($0) } }
    }

    private var snippet: [String] {
        guard let snippet = app.settings.snippet else { return [] }
        return snippet.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

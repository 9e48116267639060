import Platform

/// One side of a host: the plain one, or that with TLS.
struct NginxServer {
    let host: NginxHost
    let apps: [NginxApp]
    let folder: NginxFolder
    let listening: NginxListening
    let prefixes: NginxPrefixes
    let isSecure: Bool

    var lines: [String] {
        let listen = "listen \(isSecure ? listening.secure : listening.plain);"
        return NginxText.block(
            "server",
            [listen, "server_name \(host.names.joined(separator: " "));"] + security
                + (isSecure ? [] : Self.challenges(folder)) + content)
    }

    /// Tokens of certificate authorities come before all else (RFC 8555 §8.3).
    static func challenges(_ folder: NginxFolder) -> [String] {
        ["location ^~ /.well-known/acme-challenge/ { root \"\(folder.challenges)\"; disable_symlinks on; }"]
    }

    /// One for all hosts whose visitors are but sent to TLS: nginx starts sooner with fewer servers.
    static func securing(_ hosts: [String], _ listening: NginxListening, _ folder: NginxFolder) -> [String] {
        if hosts.isEmpty { return [] }
        let location = NginxText.block("location /", NginxLocation.secured(listening))
        return NginxText.block(
            "server",
            ["listen \(listening.plain);", "server_name \(hosts.joined(separator: " "));"] + challenges(folder)
                + location)
    }

    private var content: [String] {
        let leading = apps[host.leading.app]
        if let site = leading.route.site, isAlone(leading) { return NginxSite(site: site).lines }
        let missing = host.places.contains { $0.path == "/" } ? [] : ["location / { return 404 \"no app here\\n\"; }"]
        return host.places.flatMap { location($0).lines } + missing + Self.failures + extras
    }

    /// Whether the host is a site's alone, so that nginx serves the files here and now.
    private func isAlone(_ app: NginxApp) -> Bool {
        let isElsewhere = !isSecure && host.hasTLS && app.settings.redirectsToHTTPS ?? true
        return host.places.count == 1 && host.leading.path == "/" && host.leading.redirect == nil && app.isPlainSite
            && !isElsewhere
    }

    private func location(_ place: NginxHost.Place) -> NginxLocation {
        NginxLocation(
            place: place, app: apps[place.app], folder: folder, listening: listening, prefixes: prefixes,
            isBesideTLS: !isSecure && host.hasTLS, security: security)
    }

    /// The host's, since browsers keep it for the host: as its leading app says.
    private var security: [String] {
        guard isSecure, let seconds = apps[host.leading.app].settings.hstsSeconds else { return [] }
        return ["add_header Strict-Transport-Security max-age=\(seconds) always;"]
    }

    private static let failures =
        ["error_page 502 @refused;", "error_page 504 @silent;"]
        + ["location @refused { return 502 \"app is not answering\\n\"; }"]
        + ["location @silent { return 504 \"app did not answer in time\\n\"; }"]

    private var extras: [String] {
        let apps = Set(host.places.map(\.app)).sorted().map { self.apps[$0] }
        let judges = apps.map { NginxAuthentication(app: $0, folder: folder) }
        return apps.flatMap { NginxMaintenance(app: $0, folder: folder).location(security) }
            + judges.flatMap(\.locations) + (judges.contains(where: \.isForwarded) ? NginxAuthentication.shared : [])
    }

    /// Whether a site's files are asked for by another server, not by the host's own.
    static func needsInnerSite(_ app: Int, _ apps: [NginxApp], _ hosts: [NginxHost]) -> Bool {
        guard apps[app].route.site != nil, apps[app].obstacle == nil, !apps[app].isInMaintenance else { return false }
        return !apps[app].isPlainSite
            || hosts.contains { host in
                (host.places.count > 1 || host.leading.path != "/")
                    && host.places.contains { $0.app == app && $0.redirect == nil }
            }
    }
}

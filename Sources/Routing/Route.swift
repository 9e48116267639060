package import Platform

/// Which addresses lead to which processes of an app, and how the proxy treats its requests.
package struct Route: Sendable, Hashable, Codable {
    /// The name of the app, `[a-z0-9-]`.
    package var app: String
    /// Where the app is reached; at least one.
    package var endpoints: [Endpoint]
    /// Requests are spread over them by their weights. Empty when the app is not running, which is then answered
    /// with 503.
    package var upstreams: [Upstream]
    /// The files that are served instead; nil for an app that runs.
    package var site: Site?
    /// What is nil has its default: bodies up to 100 MiB (without limit for gRPC), 60 s of silence, HTTP/1.1 to the
    /// processes, to HTTPS where there is a certificate, no HSTS, no maintenance, everybody may, no snippet.
    package var settings: RoutingSettings

    package init(
        app: String, endpoints: [Endpoint], upstreams: [Upstream] = [], site: Site? = nil,
        settings: RoutingSettings = RoutingSettings()
    ) {
        self.app = app
        self.endpoints = endpoints
        self.upstreams = upstreams
        self.site = site
        self.settings = settings
    }

    /// The route of an app that has `hosts` to itself.
    ///
    /// - Parameters:
    ///   - upstreams: `IP:PORT`, all of one weight.
    ///   - certificate: that of each host; nil without TLS.
    package init(
        app: String, hosts: [String], upstreams: [String] = [], site: Site? = nil,
        settings: RoutingSettings = RoutingSettings(), certificate: RouteCertificate? = nil
    ) {
        self.init(
            app: app, endpoints: hosts.map { Endpoint(host: $0, certificate: certificate) },
            upstreams: upstreams.map { Upstream(address: $0) }, site: site, settings: settings)
    }

    /// Makes sure that nothing in it means anything else to nginx: only then may it be rendered. Its snippet means what
    /// it says, and is not looked at.
    ///
    /// - Throws: `RoutingError` that says what is wrong with which app.
    package func check() throws(RoutingError) {
        try checkName()
        for endpoint in endpoints { try endpoint.check(app) }
        for upstream in upstreams { try upstream.check(app) }
        if let site, !RouteSyntax.isFolder(site.root) {
            throw refusal("'\(site.root.escaped)' is not an absolute path of plain characters")
        }
        try checkSettings()
    }

    /// Makes sure of what names the app, and that it is reached anywhere.
    func checkName() throws(RoutingError) {
        guard RouteSyntax.isLabel(app) else { throw refusal("its name is not valid") }
        guard !endpoints.isEmpty else { throw refusal("it has no host") }
    }

    private func checkSettings() throws(RoutingError) {
        if let bytes = settings.maxBodyBytes, bytes < 0 { throw refusal("\(bytes) is not a number of bytes") }
        for seconds in [settings.readTimeoutSeconds.map { $0 - 1 }, settings.hstsSeconds].compactMap(\.self)
        where !(0..<1 << 31).contains(seconds) {
            throw refusal("its settings hold what is not a number of seconds")
        }
        for (name, hash) in settings.visitors ?? [:] {
            guard RoutingSettings.isVisitorName(name) else {
                throw refusal("'\(name.escaped)' is not a visitor's name; use letters, digits and '._@+-'")
            }
            guard PasswordHash.isAcceptable(hash) else {
                throw refusal("the hash of visitor '\(name)' is not one of \(PasswordHash.acceptable)")
            }
        }
        // Whoever turned it off need not mend it.
        if let forward = settings.forwardAuthentication, forward.mode != .off, ProxyURL(forward.url) == nil {
            throw refusal("'\(forward.url.escaped)' is not an http or https URL of plain characters")
        }
    }

    private func refusal(_ reason: String) -> RoutingError {
        RoutingError(operation: "route app '\(app.escaped)'", reason: reason)
    }
}

import Platform

/// The routes that may stand side by side, and why others may not: one bad app must not stop all others.
struct Admission {
    /// By name. Their endpoints are theirs alone.
    private(set) var apps: [NginxApp] = []
    private(set) var streams: [StreamRoute] = []
    private(set) var problems: [RoutingProblem] = []

    /// - Parameter ports: those of the proxy itself.
    init(_ routes: [Route], _ streams: [StreamRoute], ports: [Int]) {
        var names: Set<String> = []
        var addresses: [String: String] = [:]
        for route in routes.sorted(by: { $0.app < $1.app }) {
            guard names.insert(route.app).inserted else {
                refuse(route.app, "it is routed twice")
                continue
            }
            admit(route, &addresses)
        }
        var taken: Set<String> = Set(ports.map { "tcp \($0)" })
        for stream in streams.sorted(by: { ($0.app, $0.port) < ($1.app, $1.port) }) { admit(stream, &taken) }
    }

    private mutating func admit(_ route: Route, _ addresses: inout [String: String]) {
        var route = route
        do { try route.checkName() } catch { return refuse(route.app.escaped, error.reason) }
        route.endpoints = route.endpoints.filter { claim($0, of: route.app, &addresses) }
        guard !route.endpoints.isEmpty else { return }
        do {
            try route.check()
            apps.append(NginxApp(route: route))
        } catch {
            refuse(route.app, error.reason)
            // Without its settings: they may hold anything, and none must reach nginx.
            apps.append(
                NginxApp(route: Route(app: route.app, endpoints: route.endpoints), obstacle: NginxApp.unroutable))
        }
    }

    private mutating func claim(
        _ endpoint: Route.Endpoint, of app: String, _ addresses: inout [String: String]
    ) -> Bool {
        do throws(RoutingError) {
            try endpoint.check(app)
        } catch {
            refuse(app, error.reason)
            return false
        }
        let address = endpoint.host + endpoint.path
        guard let owner = addresses[address] else {
            addresses[address] = app
            return true
        }
        if owner != app { refuse(app, "'\(address)' leads elsewhere already") }
        return false
    }

    private mutating func admit(_ stream: StreamRoute, _ taken: inout Set<String>) {
        do { try stream.check() } catch { return refuse(stream.app.escaped, error.reason) }
        guard taken.insert("\(stream.transport.rawValue) \(stream.port)").inserted else {
            return refuse(stream.app, "port \(stream.port)/\(stream.transport.rawValue) is taken already")
        }
        if !stream.upstreams.isEmpty { streams.append(stream) }
    }

    /// Tells of an app that is routed all the same.
    mutating func warn(_ app: String, _ reason: String) { refuse(app, reason) }

    private mutating func refuse(_ app: String, _ reason: String) {
        problems.append(RoutingProblem(app: app, reason: reason))
    }

    /// Answers visitors of an app with 503, for `reason`.
    mutating func block(_ app: String, _ obstacle: String = NginxApp.unroutable, reason: String) {
        refuse(app, reason)
        for index in apps.indices where apps[index].route.app == app { apps[index].obstacle = obstacle }
    }

    /// Leaves out the ports of which `isUsable` says no.
    mutating func filterStreams(reason: (StreamRoute) -> String?) {
        streams = streams.filter { stream in
            guard let reason = reason(stream) else { return true }
            problems.append(RoutingProblem(app: stream.app, reason: reason))
            return false
        }
    }

    /// Tells each app where those are that judge its visitors.
    ///
    /// - Parameter addresses: those of a host; none when it has none.
    mutating func resolve(_ addresses: [String: [String]]) {
        for index in apps.indices {
            guard let url = apps[index].forwardURL else { continue }
            let isTrusted = !url.isSecure || NginxSettings.trusted != nil
            let found = isTrusted ? addresses[url.host] ?? [] : []
            apps[index].authenticationAddresses = found
            guard found.isEmpty else { continue }
            refuse(apps[index].route.app, "'\(url.host)', which judges its visitors, has no address")
            if apps[index].route.settings.forwardAuthentication?.mode == .hard {
                apps[index].obstacle = NginxApp.unidentifiable
            }
        }
    }

    /// Goes without TLS at endpoints whose certificate cannot be used.
    mutating func filterCertificates(reason: (RouteCertificate) -> String?) {
        for index in apps.indices {
            for position in apps[index].route.endpoints.indices {
                let endpoint = apps[index].route.endpoints[position]
                guard let certificate = endpoint.certificate, let reason = reason(certificate) else { continue }
                refuse(apps[index].route.app, "the certificate of '\(endpoint.host)' cannot be used: \(reason)")
                apps[index].route.endpoints[position].certificate = nil
            }
        }
    }
}

import Platform

/// An app as nginx sees it; its route was checked.
struct NginxApp: Sendable {
    static let unroutable = "app cannot be routed"
    static let unidentifiable = "authentication is not reachable"
    static let notRunning = "app is not running"

    var route: Route
    /// What visitors are told, with 503, in place of the app; nil when all is well.
    var obstacle: String?
    /// The IPv4 addresses of the host that judges its visitors.
    var authenticationAddresses: [String] = []

    init(route: Route, obstacle: String? = nil) {
        self.route = route
        self.obstacle = obstacle
    }

    var name: String { route.app }
    var settings: RoutingSettings { route.settings }
    var isGRPC: Bool { settings.upstreamProtocol == .grpc && route.site == nil }
    var isInMaintenance: Bool { settings.isInMaintenance == true }
    var visitors: [String: String] { settings.visitors ?? [:] }

    /// Who judges its visitors; nil when nobody does.
    var forwardURL: ProxyURL? {
        guard let forward = settings.forwardAuthentication, forward.mode != .off else { return nil }
        return ProxyURL(forward.url)
    }

    /// Whether a server may be the site's alone, with nothing between it and its files.
    var isPlainSite: Bool {
        route.site != nil && obstacle == nil && !isInMaintenance && visitors.isEmpty && forwardURL == nil
            && settings.snippet == nil
    }

    var isProxied: Bool { obstacle == nil && !isInMaintenance && route.site == nil && !route.upstreams.isEmpty }
}

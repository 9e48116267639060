import Platform

/// The block `routing`: how an app wants its requests treated, as far as its repository may say so.
enum RoutingBlock {
    static let keys = ["body-size", "timeout", "protocol", "https-redirect", "hsts"]
    private static let year = 366 * 86_400

    static func read(_ setting: Setting) throws(BuildError) -> RoutingSettings {
        let fields = try setting.fields(keys, example: "routing: {body-size: 100M, timeout: 60s}")
        var routing = RoutingSettings()
        routing.maxBodyBytes = try fields["body-size"]?.bytes(0...1 << 40, example: "body-size: 100M")
        routing.readTimeoutSeconds = try fields["timeout"]?.wholeSeconds(1...86_400, example: "timeout: 60s")
        routing.upstreamProtocol = try fields["protocol"].map { setting throws(BuildError) in
            try setting.choice(RoutingSettings.UpstreamProtocol.self, example: "protocol: grpc")
        }
        routing.redirectsToHTTPS = try fields["https-redirect"]?.flag(example: "https-redirect: true")
        routing.hstsSeconds = try fields["hsts"]?.wholeSeconds(0...2 * year, example: "hsts: 1y")
        return routing
    }
}

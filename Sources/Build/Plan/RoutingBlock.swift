import Platform

/// The block `routing`: how an app wants its requests treated, as far as its repository may say so.
enum RoutingBlock {
    static let keys = ["body-size", "timeout", "protocol", "https-redirect", "hsts"]

    static func read(_ setting: Setting) throws(BuildError) -> RoutingSettings {
        let fields = try setting.fields(keys, example: "routing: {body-size: 100M, timeout: 60s}")
        var routing = RoutingSettings()
        routing.maxBodyBytes = try fields["body-size"]?.bytes(RoutingSettings.maxBodyBytes, example: "body-size: 100M")
        routing.readTimeoutSeconds = try fields["timeout"]?.wholeSeconds(
            RoutingSettings.readTimeoutSeconds, example: "timeout: 60s")
        routing.upstreamProtocol = try fields["protocol"].map { setting throws(BuildError) in
            try setting.choice(RoutingSettings.UpstreamProtocol.self, example: "protocol: grpc")
        }
        routing.redirectsToHTTPS = try fields["https-redirect"]?.flag(example: "https-redirect: true")
        routing.hstsSeconds = try fields["hsts"]?.wholeSeconds(RoutingSettings.hstsSeconds, example: "hsts: 1y")
        return routing
    }
}

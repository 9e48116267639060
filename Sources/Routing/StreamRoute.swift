package import Platform

/// A port of the machine that leads to processes of an app, whatever they speak.
package struct StreamRoute: Sendable, Hashable, Codable {
    /// The name of the app, `[a-z0-9-]`.
    package var app: String
    package var transport: PublishedPort.TransportProtocol
    /// The machine's port, for one app only.
    package var port: Int
    /// Connections, for UDP clients, are spread over them. Nobody listens while it is empty.
    package var upstreams: [Route.Upstream]

    package init(
        app: String, transport: PublishedPort.TransportProtocol, port: Int, upstreams: [Route.Upstream]
    ) {
        self.app = app
        self.transport = transport
        self.port = port
        self.upstreams = upstreams
    }

    /// Makes sure that nothing in it means anything else to nginx: only then may it be rendered.
    ///
    /// - Throws: `RoutingError` that says what is wrong with which app.
    package func check() throws(RoutingError) {
        let operation = "publish port \(port) of app '\(app.escaped)'"
        guard RouteSyntax.isLabel(app) else {
            throw RoutingError(operation: operation, reason: "the app's name is not valid")
        }
        guard (1...65535).contains(port) else {
            throw RoutingError(operation: operation, reason: "there is no such port")
        }
        for upstream in upstreams { try upstream.check(app) }
    }
}

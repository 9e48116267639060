import Platform

extension Route {
    /// A process that answers.
    package struct Upstream: Sendable, Hashable, Codable {
        /// `IP:PORT`, IPv4.
        package var address: String
        /// Its share of the requests among those of all upstreams, 1–100.
        package var weight: Int

        package init(address: String, weight: Int = 1) {
            self.address = address
            self.weight = weight
        }

        func check(_ app: String) throws(RoutingError) {
            let operation = "route app '\(app)'"
            guard RouteSyntax.isAddress(address) else {
                throw RoutingError(operation: operation, reason: "'\(address.escaped)' is not an address and port")
            }
            guard (1...100).contains(weight) else {
                throw RoutingError(operation: operation, reason: "\(weight) is not a weight of 1–100")
            }
        }
    }
}

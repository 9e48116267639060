import Platform

extension Route {
    /// An address at which the app is reached: a host, or what is below a path of it.
    package struct Endpoint: Sendable, Hashable, Codable {
        /// A host name in lower case. Apps may share one, below different paths.
        package var host: String
        /// `/` for all that no longer path of another endpoint takes, else as `/api`, which stands for itself and
        /// `/api/…`, but not for `/apix`.
        package var path: String
        /// Whether the app sees its paths without `path`, which it is then told in `X-Forwarded-Prefix`.
        package var strips: Bool
        /// The URL that visitors are sent to instead, with the path and query they asked for if it has no path; nil
        /// for the app itself.
        package var redirect: String?
        /// What TLS takes for the host; nil for none, where another endpoint of the host has none either.
        package var certificate: RouteCertificate?

        package init(
            host: String, path: String = "/", strips: Bool = false, redirect: String? = nil,
            certificate: RouteCertificate? = nil
        ) {
            self.host = host
            self.path = path
            self.strips = strips
            self.redirect = redirect
            self.certificate = certificate
        }

        func check(_ app: String) throws(RoutingError) {
            guard DomainRules.isHostName(host) else { throw refusal(app, "'\(host.escaped)' is not a host name") }
            guard DomainRules.isPath(path) else {
                throw refusal(app, "'\(path.escaped)' is not a path such as '/' or '/api'")
            }
            if let redirect, ProxyURL(redirect) == nil {
                throw refusal(app, "'\(redirect.escaped)' is not an http or https URL of plain characters")
            }
        }

        private func refusal(_ app: String, _ reason: String) -> RoutingError {
            RoutingError(operation: "route app '\(app)'", reason: reason)
        }
    }
}

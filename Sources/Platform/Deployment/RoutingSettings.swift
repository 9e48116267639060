/// How the proxy treats an app's requests. Each value that is nil is left to whoever is asked next: what an admin or
/// deployer set comes before what the repository declares, and that before the defaults.
package struct RoutingSettings: Sendable, Hashable, Codable {
    /// How the proxy speaks to the web processes.
    package enum UpstreamProtocol: String, Sendable, Hashable, Codable, CaseIterable {
        /// HTTP/1.1, with websockets.
        case http
        /// gRPC over HTTP/2 without TLS.
        case grpc
    }

    /// Who may see the app at all, asked of a URL for each request.
    package struct ForwardAuthentication: Sendable, Hashable, Codable {
        package enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
            case off
            /// Everybody may; the app is told who it is where that is known.
            case soft
            /// Only those may whom the URL answers 2xx.
            case hard
        }

        /// `http://` or `https://`.
        package var url: String
        package var mode: Mode

        package init(url: String, mode: Mode) {
            self.url = url
            self.mode = mode
        }
    }

    /// What may be set; what is set is asked for where it is used, too.
    package static let maxBodyBytes = 0...1 << 40
    package static let readTimeoutSeconds = 1...86_400
    /// Two years.
    package static let hstsSeconds = 0...732 * 86_400

    /// Whether a visitor may have the name: 1–64 letters, digits and `._@+-`, which a file of names and hashes, and HTTP
    /// (RFC 7617 §2), can hold.
    package static func isVisitorName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { $0.isLetterOrDigit || "._@+-".utf8.contains($0) }
    }

    /// Requests beyond are answered 413; 0 for no limit.
    package var maxBodyBytes: Int?
    /// For how long a process may be silent within an answer, a websocket too, in seconds.
    package var readTimeoutSeconds: Int?
    package var upstreamProtocol: UpstreamProtocol?
    /// Whether requests without TLS are sent to the same address with it, where there is a certificate.
    package var redirectsToHTTPS: Bool?
    /// For how long browsers are to insist on TLS, in seconds; 0 for not at all.
    package var hstsSeconds: Int?
    /// Whether visitors see a maintenance page instead of the app.
    package var isInMaintenance: Bool?
    /// The app's own maintenance page.
    package var maintenancePage: String?
    /// Names of visitors with the crypt(3) hashes of their passwords; empty or nil when anybody may.
    package var visitors: [String: String]?
    package var forwardAuthentication: ForwardAuthentication?
    /// nginx directives for the app's locations; admins only.
    package var snippet: String?

    package init() {}

    /// These settings, completed from `others`.
    package func over(_ others: RoutingSettings) -> RoutingSettings {
        var result = self
        result.maxBodyBytes = maxBodyBytes ?? others.maxBodyBytes
        result.readTimeoutSeconds = readTimeoutSeconds ?? others.readTimeoutSeconds
        result.upstreamProtocol = upstreamProtocol ?? others.upstreamProtocol
        result.redirectsToHTTPS = redirectsToHTTPS ?? others.redirectsToHTTPS
        result.hstsSeconds = hstsSeconds ?? others.hstsSeconds
        result.isInMaintenance = isInMaintenance ?? others.isInMaintenance
        result.maintenancePage = maintenancePage ?? others.maintenancePage
        result.visitors = visitors ?? others.visitors
        result.forwardAuthentication = forwardAuthentication ?? others.forwardAuthentication
        result.snippet = snippet ?? others.snippet
        return result
    }
}

/// An `http` or `https` URL of characters that mean nothing to nginx.
struct RouteURL: Hashable {
    let isSecure: Bool
    /// A host name in lower case, or an IPv4 address.
    let host: String
    let port: Int
    /// Path and query, as written; empty when it ends with its host.
    let target: String
    let text: String

    /// What `text` says; nil when it is no such URL.
    init?(_ text: String) {
        let schemes = ["http://": false, "https://": true]
        guard let (scheme, isSecure) = schemes.first(where: { text.hasPrefix($0.key) }), text.utf8.count <= 2000,
            text.utf8.allSatisfy(Self.isPlain)
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end].split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(authority.count), RouteSyntax.isHostName(String(authority[0])) else { return nil }
        guard let port = authority.count == 1 ? (isSecure ? 443 : 80) : RouteSyntax.number(authority[1], upTo: 65535),
            port > 0
        else { return nil }
        self.isSecure = isSecure
        self.host = String(authority[0])
        self.port = port
        self.target = String(rest[end...])
        self.text = text
    }

    /// Its scheme, host and port, as written.
    var origin: String { String(text.dropLast(target.count)) }

    /// Without spaces, quotes, and what nginx takes for a variable or its own punctuation.
    private static func isPlain(_ byte: UInt8) -> Bool {
        RouteSyntax.isAlphanumeric(byte) || "-._~:/?#@!&()*+,=%".utf8.contains(byte)
    }
}

/// An `http` or `https` URL that the proxy can send visitors to, or ask: of characters that mean nothing to it.
package struct ProxyURL: Hashable, Sendable {
    package let isSecure: Bool
    /// A host name in lower case, or an IPv4 address.
    package let host: String
    package let port: Int
    /// Path, query and fragment, as written; empty when it ends with its host.
    package let target: String
    /// All of it, with its scheme and host in lower case.
    package let text: String

    /// What `text` says; nil when it is no such URL: one with a user, an IPv6 address, or characters that RFC 3986 §2
    /// has escaped, among others.
    package init?(_ text: String) {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let isSecure = ["http": false, "https": true][parts[0].lowercased()],
            text.utf8.count <= 2000, text.utf8.allSatisfy(Self.isPlain)
        else { return nil }
        let end = parts[1].firstIndex { "/?#".contains($0) } ?? parts[1].endIndex
        let authority = parts[1][..<end].lowercased()
        let places = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(places.count), DomainRules.isHostName(String(places[0])) else { return nil }
        guard let port = places.count == 1 ? (isSecure ? 443 : 80) : Self.port(places[1]) else { return nil }
        self.isSecure = isSecure
        self.host = String(places[0])
        self.port = port
        self.target = String(parts[1][end...])
        self.text = "\(isSecure ? "https" : "http")://\(authority)\(target)"
    }

    private static func port(_ digits: Substring) -> Int? {
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy(\.isDigit), let port = Int(digits) else { return nil }
        return (1...65_535).contains(port) ? port : nil
    }

    /// Without spaces, quotes, and what nginx takes for a variable or its own punctuation.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || "-._~:/?#@!&()*+,=%".utf8.contains(byte)
    }
}

/// Which hosts, paths and URLs apps may be given. What they let through is safe to write into a proxy's configuration.
package enum DomainRules {
    /// The host in `text`, in lower case and without the root's dot (RFC 1123 §2.1).
    ///
    /// - Throws: `Refusal` for anything else, an address among it.
    package static func host(_ text: String) throws(Refusal) -> String {
        var host = text.lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        let shown = String(text.prefix(80)).escaped
        guard host.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw Refusal(
                "'\(shown)' is not in ASCII: write it in punycode, as 'xn--mnchen-3ya.example' for 'münchen.example'",
                exitStatus: 2)
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard isHostName(host), labels.count > 1, let last = labels.last, !last.utf8.allSatisfy(\.isDigit)
        else {
            throw Refusal("'\(shown)' is not a host name; write it like 'www.example.com'", exitStatus: 2)
        }
        return host
    }

    /// Whether it is a host name in lower case: labels of 1–63 letters, digits and hyphens, 253 in all (RFC 1123 §2.1).
    package static func isHostName(_ text: String) -> Bool {
        text.utf8.count <= 253 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    /// The path without slashes at its end; `/` for all.
    ///
    /// - Throws: `Refusal` for one that is not absolute and plain, or that the server answers itself.
    package static func path(_ text: String) throws(Refusal) -> String {
        var path = text
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let shown = String(text.prefix(80)).escaped
        guard isPlainPath(path) else {
            throw Refusal("'\(shown)' is not a path for a domain; write it like '/api'", exitStatus: 2)
        }
        guard !isReserved(path) else {
            throw Refusal("'\(shown)' is a path that the server itself answers; choose another", exitStatus: 2)
        }
        return path
    }

    /// Whether an app may have the path: `/`, or `/a/b` of at most 200 letters, digits and `._~-`, which is none of the
    /// server's own.
    package static func isPath(_ path: String) -> Bool { isPlainPath(path) && !isReserved(path) }

    /// An `http://` or `https://` URL, its scheme and host in lower case.
    ///
    /// - Throws: `Refusal` for anything else, as `ProxyURL` has it.
    package static func url(_ text: String) throws(Refusal) -> String {
        guard let url = ProxyURL(text) else {
            throw Refusal(
                "'\(String(text.prefix(80)).escaped)' is not a URL with a host name or IPv4 address, without a user and "
                    + "special characters; write it like 'https://www.example.com/'",
                exitStatus: 2)
        }
        return url.text
    }

    /// Whether a host is the domain, or below it.
    package static func isWithin(_ host: String, _ domain: String) -> Bool {
        let domain = domain.lowercased()
        return host == domain || host.hasSuffix("." + domain)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { $0.isLowerCaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
    }

    private static func isPlainPath(_ path: String) -> Bool {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return path.hasPrefix("/") && path.utf8.count <= 200
            && (path == "/" || !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." })
            && path.utf8.allSatisfy { $0.isLetterOrDigit || "/._~-".utf8.contains($0) }
    }

    /// Whether the path is within one at which the proxy asks who a visitor is, or a certificate authority whose a host is.
    private static func isReserved(_ path: String) -> Bool {
        ["/.martlet", "/.well-known/acme-challenge"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}

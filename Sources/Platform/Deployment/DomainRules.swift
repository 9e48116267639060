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
        guard (1...253).contains(host.utf8.count), labels.count > 1, labels.allSatisfy(isLabel),
            let last = labels.last, !last.utf8.allSatisfy(\.isDigit)
        else {
            throw Refusal("'\(shown)' is not a host name; write it like 'www.example.com'", exitStatus: 2)
        }
        return host
    }

    /// The path without slashes at its end; `/` for all.
    ///
    /// - Throws: `Refusal` for one that is not absolute and plain.
    package static func path(_ text: String) throws(Refusal) -> String {
        var path = text
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), path.utf8.count <= 200, path.utf8.allSatisfy(isPathByte),
            path == "/" || !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
        else {
            throw Refusal(
                "'\(String(text.prefix(80)).escaped)' is not a path for a domain; write it like '/api'", exitStatus: 2)
        }
        return path
    }

    /// An `http://` or `https://` URL as it is.
    ///
    /// - Throws: `Refusal` for anything else, and for characters that a URL has to escape (RFC 3986 §2) or a proxy reads
    ///   as a variable.
    package static func url(_ text: String) throws(Refusal) -> String {
        let rest = ["http://", "https://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) }
        let authority = rest?.prefix { !"/?#".contains($0) } ?? ""
        guard let rest, !authority.isEmpty, !authority.contains("@"), rest.utf8.count <= 2_000,
            rest.utf8.allSatisfy(isURLByte)
        else {
            throw Refusal(
                "'\(String(text.prefix(80)).escaped)' is not a URL; write it like 'https://www.example.com/'",
                exitStatus: 2)
        }
        return text
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

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        byte.isLowerCaseLetter || byte.isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "/._~-".utf8.contains(byte) }

    private static func isURLByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "/._~-?#&=%+:@!*(),[]".utf8.contains(byte)
    }
}

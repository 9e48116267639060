/// Which hosts lead to which processes of an app.
package struct Route: Sendable, Hashable, Codable {
    /// The name of the app, `[a-z0-9-]`.
    package var app: String
    /// Host names in lower case, each of one app only.
    package var hosts: [String]
    /// `ADDRESS:PORT`, IPv4; requests are spread over them. Empty when the app is not running, which
    /// is then answered with 503.
    package var upstreams: [String]
    /// The files that are served instead; nil for an app that runs.
    package var site: Site?
    /// The largest request body in bytes, answered 413 beyond; 0 for no limit.
    package var maxBodyBytes: Int
    /// For how long a process may be silent within an answer, a websocket too.
    package var readTimeoutSeconds: Int

    /// Files that are served as they are.
    package struct Site: Sendable, Hashable, Codable {
        /// The absolute path of their folder, which is another one for each version: nothing in it changes. nginx's
        /// workers must be able to enter all above it.
        package var root: String
        /// Whether a path without a file is answered with `index.html`; a missing script, picture or other part of a
        /// page is not.
        package var isSinglePage: Bool

        package init(root: String, isSinglePage: Bool = false) {
            self.root = root
            self.isSinglePage = isSinglePage
        }
    }

    package init(
        app: String, hosts: [String], upstreams: [String] = [], site: Site? = nil, maxBodyBytes: Int = 100 << 20,
        readTimeoutSeconds: Int = 60
    ) {
        self.app = app
        self.hosts = hosts
        self.upstreams = upstreams
        self.site = site
        self.maxBodyBytes = maxBodyBytes
        self.readTimeoutSeconds = readTimeoutSeconds
    }

    /// Makes sure that nothing in it means anything else to nginx: only then may it be rendered.
    func check() throws(RoutingError) {
        guard (1...63).contains(app.utf8.count), app.utf8.allSatisfy(Self.isNameByte) else {
            throw refusal("its name is not valid")
        }
        guard !hosts.isEmpty else { throw refusal("it has no host") }
        for host in hosts where !Self.isHostName(host) { throw refusal("'\(host)' is not a host name") }
        for upstream in upstreams where !Self.isAddress(upstream) {
            throw refusal("'\(upstream)' is not an address and port")
        }
        if let site, !Self.isPlainPath(site.root) {
            throw refusal("'\(site.root)' is not an absolute path of plain characters")
        }
        guard maxBodyBytes >= 0 else { throw refusal("\(maxBodyBytes) is not a number of bytes") }
        guard readTimeoutSeconds >= 1 else { throw refusal("\(readTimeoutSeconds) is not a number of seconds") }
    }

    private func refusal(_ reason: String) -> RoutingError {
        RoutingError(operation: "route app '\(app)'", reason: reason)
    }

    /// Letters, digits and hyphens in labels of 1–63 (RFC 1123 §2.1), 253 in all.
    private static func isHostName(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.allSatisfy(isNameByte)
                    && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            }
    }

    /// Whether nginx reads the path as it is.
    private static func isPlainPath(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        return path.hasPrefix("/") && !parts.isEmpty && path.utf8.count <= 2000
            && parts.allSatisfy { !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
            && !path.utf8.contains { $0 < 32 || $0 == 127 || "\"'\\$#;{}*?[]".utf8.contains($0) }
    }

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, let port = number(parts[1], upTo: 65535), port > 0 else { return false }
        let numbers = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { number($0, upTo: 255) != nil }
    }

    /// The value of one to five digits.
    private static func number(_ digits: Substring.UTF8View, upTo limit: Int) -> Int? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return value <= limit ? value : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
    }
}

/// What processes learn of a request beside what its client says.
enum NginxHeaders {
    typealias Header = (name: String, value: String)

    private static let forwarded: [Header] = [
        ("Host", "$http_host"), ("X-Real-IP", "$remote_addr"), ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
        ("X-Forwarded-Host", "$http_host"), ("X-Forwarded-Port", "$server_port"), ("X-Forwarded-Proto", "$scheme"),
    ]

    /// Who a visitor is, as the one says who judges them: the names that Authelia, oauth2-proxy and authentik use. What
    /// clients say themselves is dropped then.
    static let identity =
        ["User", "Groups", "Email", "Name"].map { "Remote-\($0)" }
        + ["User", "Groups", "Email", "Preferred-Username", "Access-Token"].flatMap {
            ["X-Auth-Request-\($0)", "X-Forwarded-\($0)"]
        }
        + ["username", "groups", "email", "name", "uid", "jwt", "entitlements"].map { "X-authentik-\($0)" }

    /// For processes that speak HTTP/1.1, websockets among it.
    static func proxied(prefix: String = "", _ others: [Header] = []) -> [String] {
        let upgrade: [Header] = [("Upgrade", "$http_upgrade"), ("Connection", "$connection_upgrade")]
        return lines("proxy_set_header", forwarded + upgrade + [("X-Forwarded-Prefix", prefix)] + others)
    }

    /// For processes that speak gRPC.
    static func gRPC(prefix: String = "", _ others: [Header] = []) -> [String] {
        lines("grpc_set_header", forwarded + [("X-Forwarded-Prefix", prefix)] + others)
    }

    /// - Parameter directive: a header without a value is not sent at all.
    static func lines(_ directive: String, _ headers: [Header]) -> [String] {
        headers.map { "\(directive) \($0.name) \($0.value.isEmpty ? "\"\"" : $0.value);" }
    }
}

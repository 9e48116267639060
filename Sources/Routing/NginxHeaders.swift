/// What processes learn of a request beside what its client says.
enum NginxHeaders {
    typealias Header = (name: String, value: String)

    private static let forwarded: [Header] = [
        ("Host", "$http_host"), ("X-Real-IP", "$remote_addr"), ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
        ("X-Forwarded-Host", "$http_host"), ("X-Forwarded-Port", "$server_port"), ("X-Forwarded-Proto", "$scheme"),
    ]

    /// Who a visitor is, as the one says who judges them; what clients say themselves is dropped then.
    static let identity = [
        "Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name", "X-Auth-Request-User", "X-Auth-Request-Email",
    ]

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

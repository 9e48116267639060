/// Where nginx takes connections.
struct NginxListening: Sendable {
    /// `127.0.0.1`, `0.0.0.0`, `::` …
    let address: String
    let port: Int
    /// nil when nothing of it takes TLS.
    let tlsPort: Int?

    var plain: String { place(port) }
    /// HTTP/2 is for TLS alone: on a plain port this nginx would take nothing else. Hence gRPC needs a certificate.
    var secure: String { "\(place(tlsPort ?? 443)) ssl http2" }

    /// What follows a host in the URL of its TLS side.
    var tlsSuffix: String { tlsPort.map { $0 == 443 ? "" : ":\($0)" } ?? "" }

    func place(_ port: Int) -> String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

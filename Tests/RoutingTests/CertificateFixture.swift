import Foundation
import Routing
import Testing

extension ProxyFixture {
    /// A certificate for `host` that it signed itself, in a folder beside nginx's.
    func certificate(_ host: String, _ name: String? = nil, key: String = "ec") async throws -> RouteCertificate {
        let folder = URL(filePath: directory).deletingLastPathComponent().appending(path: "tls").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let base = "\(folder)/\(name ?? host)"
        let kind = key == "ec" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : [key]
        let words =
            ["req", "-x509", "-newkey"] + kind + [
                "-nodes", "-keyout", "\(base).key", "-out", "\(base).crt", "-days", "30", "-subj", "/CN=\(host)",
            ]
        #expect(try await Curl.run("openssl", words).exit == 0)
        return RouteCertificate(chain: "\(base).crt", key: "\(base).key")
    }

    /// The name in the certificate that `host` shows; empty when it shows none.
    func subject(_ host: String) async throws -> String {
        let words =
            "openssl s_client -connect 127.0.0.1:\(tlsPort) -servername \(host) </dev/null | "
            + "openssl x509 -noout -subject -serial"
        return try await Curl.run("sh", ["-c", words]).output
    }
}

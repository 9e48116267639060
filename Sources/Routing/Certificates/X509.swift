import Foundation
import Platform

/// What a certificate says (RFC 5280), in openssl's words.
struct X509 {
    /// The certificate itself, PEM.
    let text: String
    /// Names as in RFC 4514.
    let subject: String
    let issuer: String
    let notBefore: Date
    let notAfter: Date
    /// Such as `sha256WithRSAEncryption`.
    let signature: String
    /// PEM.
    let publicKey: String
    /// Whether it is for the host that was asked for, wildcards understood (RFC 6125 §6.4.3).
    let coversHost: Bool

    var isSelfSigned: Bool { subject == issuer }

    /// - Parameter host: a name that begins with `*.` stands for all below.
    /// - Throws: `Refusal` for what is no certificate.
    init(_ block: PEM.Block, for host: String, _ openssl: OpenSSL) async throws {
        // Names that a certificate brings are escaped here. Its alternative names would not be, and could feign the rest.
        let result = try await openssl.run(
            [
                "x509", "-noout", "-subject", "-issuer", "-dates", "-dateopt", "iso_8601", "-nameopt",
                "RFC2253,-esc_msb,utf8", "-checkhost", Self.probe(host), "-pubkey", "-text", "-certopt",
                "no_header,no_version,no_serial,no_issuer,no_validity,no_subject,no_pubkey,no_extensions,no_sigdump,no_aux",
            ], input: block.text)
        let lines = result.output.split(separator: "\n").map(String.init)
        guard result.isSuccess, let subject = Self.value("subject=", lines), let issuer = Self.value("issuer=", lines),
            let notBefore = Self.date("notBefore=", lines), let notAfter = Self.date("notAfter=", lines),
            let keyStart = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN") }),
            let keyEnd = lines.firstIndex(where: { $0.hasPrefix("-----END") }), keyStart < keyEnd
        else { throw Refusal("the certificate cannot be used: one of its parts is damaged; send it as it was issued") }
        text = block.text
        self.subject = subject
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        signature = Self.value("        Signature Algorithm: ", lines) ?? "unknown"
        coversHost = lines.contains { $0.hasPrefix("Hostname ") && $0.hasSuffix(" does match certificate") }
        publicKey = lines[keyStart...keyEnd].joined(separator: "\n") + "\n"
    }

    /// The host names that it is for.
    func names(_ openssl: OpenSSL) async throws -> [String] {
        let output = try await openssl.run(["x509", "-noout", "-ext", "subjectAltName"], input: text).output
        return output.split(whereSeparator: { $0 == "," || $0.isWhitespace })
            .filter { $0.hasPrefix("DNS:") }.map { $0.dropFirst(4).lowercased() }
    }

    /// A wildcard is for whatever stands in its place.
    private static func probe(_ host: String) -> String {
        host.hasPrefix("*.") ? "a-name-that-nobody-has\(host.dropFirst())" : host
    }

    private static func value(_ prefix: String, _ lines: [String]) -> String? {
        lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// From a time such as `2026-11-21 21:17:16Z`.
    private static func date(_ prefix: String, _ lines: [String]) -> Date? {
        value(prefix, lines).flatMap {
            try? Date($0.replacing(" ", with: "T"), strategy: .iso8601)
        }
    }
}

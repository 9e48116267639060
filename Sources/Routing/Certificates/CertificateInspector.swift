package import Foundation
package import Platform

/// Judges certificates before they serve: one that nginx or browsers would not take must never reach a route.
package struct CertificateInspector: Sendable {
    private static let longestChain = 10

    private let openssl = OpenSSL()
    private let now: Date

    /// - Parameter now: what its dates are compared with.
    package init(now: Date = Date()) { self.now = now }

    /// The certificate in a text that holds its chain, leaf first, and its private key before or behind.
    ///
    /// - Parameters:
    ///   - text: PEM.
    ///   - host: what it must be for; a name that begins with `*.` needs a wildcard.
    /// - Throws: `Refusal` that says what is wrong with it; `RoutingError` without openssl.
    package func inspect(_ text: String, for host: String) async throws -> CheckedCertificate {
        let pem = try PEM(text)
        let key = try Self.key(of: pem)
        guard !pem.certificates.isEmpty else {
            throw Self.refusal("there is no certificate in it; send the chain and the key, PEM")
        }
        guard pem.certificates.count <= Self.longestChain else {
            throw Self.refusal("it has more than \(Self.longestChain) certificates; send those of this one only")
        }
        var chain: [X509] = []
        for block in pem.certificates { chain.append(try await X509(block, for: host, openssl)) }
        let kind = try await check(key, against: chain)
        let names = try await checkNames(chain[0], host)
        try CertificateChain(chain).checkOrder()
        try await CertificateChain(chain).checkSignatures(openssl)
        let served = CertificateChain(chain).served
        try checkDates(served)
        return CheckedCertificate(
            chain: served.map(\.text).joined(), key: key.text, names: names,
            issuer: chain[0].issuer, notBefore: chain[0].notBefore, notAfter: served.map(\.notAfter).min() ?? now,
            warnings: warnings(served, kind, sent: chain))
    }

    static func refusal(_ reason: String) -> Refusal { Refusal("the certificate cannot be used: \(reason)") }

    private static func key(of pem: PEM) throws -> PEM.Block {
        if let other = pem.others.first {
            throw refusal("a block '\(other.label.escaped)' is neither a certificate nor a private key; leave it out")
        }
        guard let key = pem.keys.first else { throw refusal("its private key is missing; send it as well, PEM") }
        guard pem.keys.count == 1 else { throw refusal("there are \(pem.keys.count) private keys; send its own only") }
        guard !key.isEncrypted else {
            throw refusal("its private key needs a passphrase; take that off with 'openssl pkey -in KEY'")
        }
        return key
    }

    /// Returns what kind of key it is.
    private func check(_ key: PEM.Block, against chain: [X509]) async throws -> KeyKind {
        let result = try await openssl.run(["pkey", "-pubout", "-text_pub", "-passin", "pass:"], input: key.text)
        guard result.isSuccess, let publicKey = try PEM(result.output).blocks.first?.text else {
            throw Self.refusal("its private key is damaged; send it as it was made")
        }
        let kind = try KeyKind(text: result.output)
        guard chain[0].publicKey != publicKey else { return kind }
        guard let place = chain.firstIndex(where: { $0.publicKey == publicKey }) else {
            throw Self.refusal(
                "the private key belongs to another one; send that with which '\(chain[0].subject)' was made")
        }
        throw Self.refusal(
            "the chain is in the wrong order: '\(chain[place].subject)', which the key belongs to, must be the first, "
                + "and is number \(place + 1)")
    }

    private func checkNames(_ leaf: X509, _ host: String) async throws -> [String] {
        let names = try await leaf.names(openssl)
        guard !names.isEmpty else {
            throw Self.refusal("it names no host (subjectAltName), which browsers ask for; have it issued anew")
        }
        guard leaf.coversHost else {
            let list = names.prefix(8).joined(separator: ", ").escaped
            throw Self.refusal("it is not for '\(host)' but for \(list)\(names.count > 8 ? ", …" : "")")
        }
        return names
    }

    private func checkDates(_ chain: [X509]) throws {
        for certificate in chain {
            if certificate.notAfter <= now {
                throw Self.refusal("'\(certificate.subject)' expired on \(certificate.notAfter.day); get a new one")
            }
            // The clocks of those who issue certificates are not ours.
            if certificate.notBefore > now.addingTimeInterval(300) {
                throw Self.refusal(
                    "'\(certificate.subject)' is valid from \(certificate.notBefore.day) only; check the machine's clock"
                )
            }
        }
    }

    private func warnings(_ chain: [X509], _ kind: KeyKind, sent: [X509]) -> [String] {
        var warnings: [String] = []
        let end = chain.map(\.notAfter).min() ?? now
        if end < now.addingTimeInterval(7 * 86_400) { warnings.append("it expires on \(end.day) already") }
        if kind == .ed25519 { warnings.append("browsers refuse Ed25519 keys; use P-256") }
        if chain[0].isSelfSigned {
            warnings.append("it is self-signed: browsers warn of it")
        } else if chain.count == 1, sent.count == 1 {
            warnings.append("'\(chain[0].issuer)', which signed it, is not in the chain: clients may not know it")
        }
        return warnings
    }
}

extension Date {
    /// Such as `2026-01-31`, in UTC.
    var day: String { String(ISO8601Format().prefix(10)) }
}

import Foundation
import Platform

/// Certificates of which each is to be signed by the next.
struct CertificateChain {
    let certificates: [X509]

    /// - Parameter certificates: at least one.
    init(_ certificates: [X509]) { self.certificates = certificates }

    /// What clients are sent: they have the root themselves.
    var served: [X509] {
        certificates.count > 1 && certificates[certificates.count - 1].isSelfSigned
            ? certificates.dropLast() : certificates
    }

    /// - Throws: `Refusal` that says which one is missing or misplaced.
    func checkOrder() throws(Refusal) {
        for (place, certificate) in certificates.dropLast().enumerated()
        where certificates[place + 1].subject != certificate.issuer {
            if let found = certificates.firstIndex(where: { $0.subject == certificate.issuer }) {
                throw CertificateInspector.refusal(
                    "the chain is in the wrong order: '\(certificate.issuer)' must follow what it signed, "
                        + "'\(certificate.subject)', and is number \(found + 1)")
            }
            throw CertificateInspector.refusal(
                "the chain has a gap: after '\(certificate.subject)' that of '\(certificate.issuer)' is missing")
        }
    }

    /// - Throws: `Refusal` when one was not signed by the next, or not as a server's or an authority's.
    func checkSignatures(_ openssl: OpenSSL) async throws {
        for certificate in served where !certificate.isSelfSigned && Self.isWeak(certificate.signature) {
            throw CertificateInspector.refusal(
                "'\(certificate.subject)' is signed with \(certificate.signature), which is no longer safe")
        }
        let folder = try Self.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try certificates.enumerated().map { place, certificate in
            let file = "\(folder)/\(place).pem"
            try Data(certificate.text.utf8).write(to: URL(filePath: file))
            return file
        }
        let between = files.dropFirst().dropLast().flatMap { ["-untrusted", $0] }
        let result = try await openssl.run(
            [
                "verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-partial_chain", "-no_check_time", "-auth_level",
                "2", "-purpose", "sslserver", "-trusted", files[files.count - 1],
            ] + between + [files[0]])
        guard result.isSuccess else {
            throw CertificateInspector.refusal("the chain does not hold: \(Self.reason(result.errors))")
        }
    }

    private static func isWeak(_ signature: String) -> Bool {
        let name = signature.lowercased()
        return name.contains("sha1") || name.contains("md5") || name.contains("md2")
    }

    /// The words of `error 7 at 0 depth lookup: certificate signature failure`.
    private static func reason(_ errors: String) -> String {
        guard let line = errors.split(separator: "\n").first(where: { $0.hasPrefix("error ") }),
            let mark = line.firstRange(of: "lookup: ")
        else { return "openssl does not take it" }
        return String(line[mark.upperBound...])
    }

    private static func temporaryFolder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "martlet-chain-\(UUID())").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return path
    }
}

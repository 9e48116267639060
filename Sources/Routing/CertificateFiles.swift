import FoundationEssentials
import Glibc

/// The certificates that routes name, read once and again when their files have changed.
struct CertificateFiles: Sendable {
    /// What nginx needs of one.
    struct Text: Sendable {
        /// Another one as soon as a file is.
        let identity: String
        let chain: String
        let key: String
    }

    private var texts: [RouteCertificate: Result<Text, RoutingError>] = [:]
    private var identities: [RouteCertificate: String] = [:]

    /// Those that can be used.
    func text(_ certificate: RouteCertificate) -> Text? { try? texts[certificate]?.get() }

    /// Why it cannot be used; nil when it can. Whether its key fits is the business of whoever brought it.
    mutating func problem(of certificate: RouteCertificate) -> String? {
        let identity = Self.identity(certificate.chain) + "," + Self.identity(certificate.key)
        if identities[certificate] != identity {
            identities[certificate] = identity
            texts[certificate] = Self.read(certificate, identity)
        }
        guard case .failure(let error) = texts[certificate] else { return nil }
        return error.reason
    }

    private static func read(_ certificate: RouteCertificate, _ identity: String) -> Result<Text, RoutingError> {
        Result { () throws(RoutingError) in
            let chain = try blocks(in: certificate.chain) { $0 == "CERTIFICATE" }
            let key = try blocks(in: certificate.key) { $0.hasSuffix("PRIVATE KEY") }
            return Text(identity: identity, chain: chain, key: key)
        }
    }

    /// The PEM blocks (RFC 7468) of a file that `isWanted` takes, by their labels.
    private static func blocks(in path: String, _ isWanted: (Substring) -> Bool) throws(RoutingError) -> String {
        let operation = "read '\(path)'"
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw RoutingError(operation: operation, reason: "its file '\(path)' cannot be read")
        }
        var blocks = ""
        var isInside = false
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN ") { isInside = isWanted(line.dropFirst(11).dropLast(5)) }
            guard isInside else { continue }
            guard line.utf8.allSatisfy(isPlain) else {
                throw RoutingError(operation: operation, reason: "its file '\(path)' is not PEM, or needs a password")
            }
            blocks += line + "\n"
            if line.hasPrefix("-----END ") { isInside = false }
        }
        guard !blocks.isEmpty, !isInside, !blocks.contains("ENCRYPTED") else {
            throw RoutingError(operation: operation, reason: "its file '\(path)' holds nothing that nginx can use")
        }
        return blocks
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        RouteSyntax.isAlphanumeric(byte) || "+/=- ".utf8.contains(byte)
    }

    private static func identity(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "none" }
        let time = status.st_mtim
        return "\(path):\(status.st_dev):\(status.st_ino):\(status.st_size):\(time.tv_sec).\(time.tv_nsec)"
    }
}

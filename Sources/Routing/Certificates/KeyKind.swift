import Platform

/// What kind of private key a certificate has: one that nginx takes.
enum KeyKind: Equatable {
    case rsa(bits: Int)
    case p256
    case p384
    case ed25519

    /// - Parameter text: what openssl says of the public key.
    /// - Throws: `Refusal` for a kind or size that is not safe, or that browsers do not know.
    init(text: String) throws(Refusal) {
        if text.contains("ED25519 Public-Key:") {
            self = .ed25519
        } else if text.contains("\nNIST CURVE: P-256\n") {
            self = .p256
        } else if text.contains("\nNIST CURVE: P-384\n") {
            self = .p384
        } else if text.contains("\nModulus:"), let bits = Self.bits(text) {
            guard bits >= 2048 else {
                throw CertificateInspector.refusal("its RSA key has \(bits) bits; it must have 2048 at least")
            }
            self = .rsa(bits: bits)
        } else {
            throw CertificateInspector.refusal(
                "its key is of a kind that browsers do not take; use P-256, P-384 or RSA")
        }
    }

    /// Of `Public-Key: (2048 bit)`.
    private static func bits(_ text: String) -> Int? {
        guard let open = text.firstIndex(of: "(") else { return nil }
        return Int(text[text.index(after: open)...].prefix(while: \.isNumber))
    }
}

package import Foundation

/// A certificate that was found fit to be served: its key matches, and each that it stands on signed the one before.
package struct CheckedCertificate: Sendable, Equatable {
    /// The certificate of the host first, then those that it stands on; PEM.
    package let chain: String
    /// Its private key, PEM; a secret.
    package let key: String
    /// The host names that it is for, as it spells them, such as `*.example.com`.
    package let names: [String]
    /// Who signed it, such as `CN=R11,O=Let's Encrypt,C=US` (RFC 4514).
    package let issuer: String
    package let notBefore: Date
    package let notAfter: Date
    /// What is not as it should be and yet no reason to refuse it: one line each.
    package let warnings: [String]

    package init(
        chain: String, key: String, names: [String], issuer: String, notBefore: Date, notAfter: Date,
        warnings: [String] = []
    ) {
        self.chain = chain
        self.key = key
        self.names = names
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.warnings = warnings
    }
}

package import Foundation

/// With which certificate a host is served, and how getting it went. Holds neither the certificate nor its key.
package struct HostCertificate: Sendable, Equatable {
    package enum Source: String, Sendable, Codable {
        /// From a certificate authority, renewed by itself.
        case acme
        /// Brought by somebody, and renewed by them.
        case own
    }

    /// What is served.
    package struct Issued: Sendable, Equatable {
        /// Another one for each certificate, renewed ones too.
        package let version: UUID
        package let names: [String]
        /// Who signed it (RFC 4514).
        package let issuer: String
        package let notBefore: Date
        package let notAfter: Date
    }

    /// In lower case; `*.` and the base domain for the wildcard.
    package let host: String
    /// nil for the wildcard, which serves every app.
    package let appID: UUID?
    package let source: Source
    /// nil before the first.
    package let issued: Issued?
    /// Why the last try to get one failed; nil when it did not.
    package let error: String?
    /// How many tries failed since the last that did not.
    package let failures: Int
    package let triedAt: Date?
    /// nil for an own one, which nobody gets.
    package let nextTryAt: Date?
    /// Since when no app has the host.
    package let unneededSince: Date?
}

/// The files with which nginx proves that it speaks for a host.
package struct RouteCertificate: Sendable, Hashable, Codable {
    /// The absolute path of the certificate and those that it stands on, PEM.
    package var chain: String
    /// The absolute path of its private key, PEM; root's alone.
    package var key: String

    package init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }
}

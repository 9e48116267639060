/// How certificates are got from an authority (ACME, RFC 8555).
package struct ACMESettings: Sendable, Equatable {
    /// Let's Encrypt.
    package static let defaultDirectory = "https://acme-v02.api.letsencrypt.org/directory"

    /// Where the authority writes to when something is wrong with a certificate.
    package var email: String
    /// The URL at which the authority says what it can do.
    package var directory: String
    /// The file with the roots by which the authority's own address is trusted; nil for those of the machine.
    package var rootsFile: String?
    /// How wildcards are proven; nil without wildcards.
    package var dns: DNS?

    /// What changes the DNS records of the base domain.
    package struct DNS: Sendable, Equatable {
        /// One of lego's names, such as `hetzner`.
        package var provider: String
        /// The file with the provider's `NAME=VALUE` lines; nil for a provider that needs none.
        package var credentialsFile: String?
        /// The DNS servers to ask, `HOST:PORT`; empty for those of the machine.
        package var resolvers: [String]
        /// Whether a record is waited for at the domain's own DNS servers before the authority looks for it.
        package var waitsForPropagation: Bool

        package init(
            provider: String, credentialsFile: String? = nil, resolvers: [String] = [], waitsForPropagation: Bool = true
        ) {
            self.provider = provider
            self.credentialsFile = credentialsFile
            self.resolvers = resolvers
            self.waitsForPropagation = waitsForPropagation
        }
    }

    package init(
        email: String, directory: String = ACMESettings.defaultDirectory, rootsFile: String? = nil, dns: DNS? = nil
    ) {
        self.email = email
        self.directory = directory
        self.rootsFile = rootsFile
        self.dns = dns
    }
}

import Foundation
package import Platform

/// Which certificates are to be got from an authority.
package struct CertificateNeeds: Sendable {
    private let baseDomain: String
    private let hasWildcard: Bool

    /// - Parameter hasDNS: whether a wildcard can be got for the base domain.
    package init(baseDomain: String, hasDNS: Bool) {
        self.baseDomain = baseDomain
        hasWildcard = hasDNS && Self.isPublic("x.\(baseDomain)")
    }

    /// One wildcard for all below the base domain where that can be, and one for each other host that people reach an app
    /// under: any domain, and the app's own name once there is something to reach.
    package func wanted(for hosts: [AppHost]) -> [WantedCertificate] {
        var seen: Set<String> = []
        let single = hosts.filter { host in
            Self.isPublic(host.host) && !(hasWildcard && isBelowBase(host.host)) && (host.isLive || !host.isDefault)
                && seen.insert(host.host).inserted
        }
        return (hasWildcard ? [WantedCertificate(host: "*.\(baseDomain)", appID: nil)] : [])
            + single.map { WantedCertificate(host: $0.host, appID: $0.appID) }
    }

    /// The host whose certificate is the one for `host`: itself, or the wildcard above it.
    package static func wildcard(above host: String) -> String? {
        host.firstIndex(of: ".").map { "*\(host[$0...])" }
    }

    /// Whether an authority could know that host: neither an address nor a name of this machine or network only
    /// (RFC 6761, RFC 6762).
    static func isPublic(_ host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, host.utf8.count <= 253 else { return false }
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        }
        return isName && !["localhost", "local"].contains(last) && !last.utf8.allSatisfy { (48...57).contains($0) }
    }

    private func isBelowBase(_ host: String) -> Bool { Self.wildcard(above: host) == "*.\(baseDomain)" }
}

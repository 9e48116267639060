package import Foundation

/// A registered public key.
package struct SSHKey: Sendable {
    package let id: UUID
    package let user: UserName
    /// What its owner calls it.
    package let name: String
    package let type: String
    /// `SHA256:` and 43 characters.
    package let fingerprint: String
    package let createdAt: Date
    /// When it last logged in; nil if it never did.
    package let lastUsedAt: Date?
    /// From when it is refused; nil for never.
    package let expiresAt: Date?
}

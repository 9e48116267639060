package import Foundation

/// A person (or a machine) who may log in.
package struct User: Hashable, Sendable {
    package let id: UUID
    package let name: UserName
    /// Whether they may do everything.
    package let admin: Bool
    package let createdAt: Date
}

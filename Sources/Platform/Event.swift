package import Foundation

/// An entry of the audit trail.
package struct Event: Sendable {
    package let id: Int
    package let at: Date
    /// Who.
    package let actor: String
    /// From where: an address, `local`, or nothing that is known.
    package let source: String
    /// A verb such as `apps.create`.
    package let action: String
    /// What it was done to.
    package let object: String
    /// How it went, such as `done`.
    package let result: String
}

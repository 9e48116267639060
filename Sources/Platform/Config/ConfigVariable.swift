package import Foundation

/// A config variable of an app, without its value.
package struct ConfigVariable: Sendable {
    package let name: ConfigName
    package let scope: ConfigScope
    package let updatedAt: Date
    /// Who set it last.
    package let updatedBy: String
}

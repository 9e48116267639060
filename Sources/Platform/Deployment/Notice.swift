package import Foundation

/// Something that Martlet did by itself, told to an app's people when they come by.
package struct Notice: Sendable, Hashable {
    /// Grows with time.
    package let id: Int
    package let app: AppName
    package let at: Date
    /// One line.
    package let text: String
}

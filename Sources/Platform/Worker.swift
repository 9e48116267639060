package import Foundation

/// A process that builds.
package struct Worker: Sendable {
    package let name: String
    /// The database role under which alone it may act.
    package let role: String
    /// The host name of its machine; empty until it first ran.
    package let machine: String
    /// How many builds its machine takes at once.
    package let slots: Int
    /// When it was last heard of; nil until it first ran.
    package let seenAt: Date?
    /// When it last began a build; nil before the first.
    package let lastClaimedAt: Date?
    /// How many builds it works on.
    package let building: Int
}

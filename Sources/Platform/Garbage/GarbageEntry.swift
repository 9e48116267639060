/// Something that builds and releases left on the machine: whether it is still of use, and why.
package struct GarbageEntry: Sendable, Equatable, Encodable {
    package enum Kind: String, Sendable, Encodable {
        case image, site
        /// A hidden reference that keeps a release's commit in the repository.
        case reference
        /// Finished builds with their logs.
        case builds
    }

    /// The app's name; its ID when it is gone.
    package let app: String
    package let kind: Kind
    /// Such as `build-3` for an image, `3` for a site, `v3` for a reference.
    package let name: String
    /// What it takes, layers that it shares with others too; 0 where that is next to nothing.
    package let bytes: Int
    package var isKept: Bool
    /// One line, such as `v3 is live`.
    package var reason: String

    package init(app: String, kind: Kind, name: String, bytes: Int, isKept: Bool, reason: String) {
        self.app = app
        self.kind = kind
        self.name = name
        self.bytes = bytes
        self.isKept = isKept
        self.reason = reason
    }
}

/// The four kinds of git objects (`gitformat-pack`); the raw value is the type in a pack.
package enum ObjectKind: UInt8, Sendable, CustomStringConvertible {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4

    /// The kind written in an object's header or in a tag, such as "commit"; nil for any other text.
    init?(name: some Sequence<UInt8>) {
        switch String(decoding: Array(name), as: UTF8.self) {
        case "commit": self = .commit
        case "tree": self = .tree
        case "blob": self = .blob
        case "tag": self = .tag
        default: return nil
        }
    }

    /// "commit", "tree", "blob" or "tag".
    package var description: String {
        switch self {
        case .commit: "commit"
        case .tree: "tree"
        case .blob: "blob"
        case .tag: "tag"
        }
    }
}

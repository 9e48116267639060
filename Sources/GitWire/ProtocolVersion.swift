/// The version of git's protocol that a client asks for in `GIT_PROTOCOL` (`gitprotocol-v2`).
package enum ProtocolVersion: Int, Sendable, Comparable {
    case v0, v1, v2

    /// The highest version in `text`, such as `version=2:version=1`; 0 when there is none. Other keys and versions are
    /// ignored.
    ///
    /// - Parameter text: the value of `GIT_PROTOCOL`; nil when the client sent none.
    package init(gitProtocol text: String?) {
        let versions = (text ?? "").split(separator: ":").compactMap { key -> ProtocolVersion? in
            switch key {
            case "version=1": .v1
            case "version=2": .v2
            default: nil
            }
        }
        self = versions.max() ?? .v0
    }

    package static func < (one: ProtocolVersion, other: ProtocolVersion) -> Bool { one.rawValue < other.rawValue }
}

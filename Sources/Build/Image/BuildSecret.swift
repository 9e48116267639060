import Foundation

/// Something that a build's steps may read while they run, and that no layer keeps.
///
/// A step gets it by `RUN --mount=type=secret,id=ID` in `/run/secrets/ID` (Dockerfile reference).
package struct BuildSecret: Sendable {
    package enum Content: Sendable {
        case text(String)
        /// The path of a file of this machine.
        case file(String)
    }

    /// Letters, digits, `_`, `-` and `.`.
    package let id: String
    package let content: Content

    /// - Throws: `BuildError` when `id` could be taken for something else by the client.
    package init(id: String, _ content: Content) throws(BuildError) {
        let isPlain = !id.isEmpty && id.utf8.allSatisfy { Self.idBytes.contains($0) }
        guard isPlain else {
            throw BuildError("'\(id)' cannot be the name of a secret", hint: "use letters, digits and _")
        }
        self.id = id
        self.content = content
    }

    private static let idBytes = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.".utf8)
}

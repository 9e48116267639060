/// Why a release could not be started, in words for the person who pushed it.
package struct DeployError: Error, CustomStringConvertible {
    /// One line without a full stop, such as `web.1 did not become healthy within 60 s`.
    package let description: String
    /// What the process had printed last; empty when it printed nothing.
    package let lastLines: [String]

    package init(_ description: String, lastLines: [String] = []) {
        self.description = description
        self.lastLines = lastLines
    }
}

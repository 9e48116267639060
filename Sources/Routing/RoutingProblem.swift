/// Why an app is not routed as was asked, while all others are.
package struct RoutingProblem: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name of the app.
    package let app: String
    /// One line without a full stop, which names no other app.
    package let reason: String

    package init(app: String, reason: String) {
        self.app = app
        self.reason = reason
    }

    package var description: String { "app '\(app)': \(reason)" }
}

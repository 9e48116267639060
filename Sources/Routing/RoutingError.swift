/// Why the proxy could not be brought in line.
///
/// `description` reads "cannot listen on port 8080: address already in use; stop the other program or set
/// MARTLET_HTTP_PORT".
package struct RoutingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted, such as "listen on port 8080".
    package let operation: String
    /// Why it failed, in nginx's words where it gave some; one line without a full stop.
    package let reason: String

    /// An error of `operation`, for `reason`.
    package init(operation: String, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    package var description: String { "cannot \(operation): \(reason)" }
}

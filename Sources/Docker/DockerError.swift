/// Why something asked of Docker failed.
///
/// `description` reads "cannot create container 'web': no such image".
package struct DockerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted, such as "create container 'web'".
    package let operation: String
    /// Why it failed, mostly in Docker's own words; one line without a full stop.
    package let reason: String
    /// The status of Docker's answer; nil when it gave none.
    package let status: Int?
    /// Whether Docker could not be asked at all: its socket is missing, refuses, or may not be used.
    package let isUnavailable: Bool
    /// Whether no answer came in time.
    package let isTimeout: Bool

    /// An error of `operation`, for `reason`.
    package init(
        operation: String, reason: String, status: Int? = nil, isUnavailable: Bool = false, isTimeout: Bool = false
    ) {
        self.operation = operation
        self.reason = reason
        self.status = status
        self.isUnavailable = isUnavailable
        self.isTimeout = isTimeout
    }

    /// Whether what was named does not exist.
    package var isNotFound: Bool { status == 404 }

    /// Whether the name is taken, or the state does not allow it, such as an image that is in use.
    package var isConflict: Bool { status == 409 }

    /// Whether a network was refused since its subnet overlaps another one's.
    package var isSubnetTaken: Bool { (status == 403 || status == 400) && reason.contains("overlap") }

    package var description: String { "cannot \(operation): \(reason)" }
}

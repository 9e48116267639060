import Glibc

/// Why an SSH operation failed, as one line fit for a log or for the other side.
package struct SSHError: Error, Sendable, Equatable, CustomStringConvertible {
    /// "what failed 'object': why; what to do".
    package let description: String

    /// An error that reads as `description`.
    package init(_ description: String) {
        self.description = description
    }

    /// The handler's task was cancelled: the client closed the channel or is gone.
    static let cancelled = SSHError("the client closed the channel")

    /// Names `operation` and the reason `errno` gives.
    static func system(_ operation: String, _ code: Int32 = errno) -> SSHError {
        SSHError("\(operation): \(String(cString: strerror(code)).lowercased())")
    }
}

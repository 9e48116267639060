/// Why the database could not do what was asked. The text holds SQL with `$1` for its parameters, never their values.
package struct DatabaseError: Error, CustomStringConvertible {
    /// What failed and on what, such as `run 'select name from users where id = $1'`.
    package let operation: String
    /// Why, and what to do where there is something to do.
    package let reason: String
    /// The server's five-character code; nil when the server said nothing.
    package let sqlState: String?
    /// The constraint that was violated; nil for every other error.
    package let constraint: String?
    private let connectionFailed: Bool

    /// - Parameter connectionFailed: there is no usable connection, whatever `sqlState` says.
    package init(
        operation: String, reason: String, sqlState: String? = nil, constraint: String? = nil,
        connectionFailed: Bool = false
    ) {
        self.operation = operation
        self.reason = reason
        self.sqlState = sqlState
        self.constraint = constraint
        self.connectionFailed = connectionFailed
    }

    /// `operation: reason`.
    package var description: String { "\(operation): \(reason)" }

    /// Whether a row with the same key exists.
    package var isUniqueViolation: Bool { sqlState == "23505" }

    /// Whether a row that was referred to does not exist, or one still referred to was deleted.
    package var isForeignKeyViolation: Bool { sqlState == "23503" }

    /// Whether the task was cancelled before the statement was done; the statement had no effect.
    package var isCancellation: Bool { sqlState == Self.cancelledState }

    /// Whether there is no connection to be had: the server is away, starting, stopping or full, or all connections
    /// of the pool are busy. Trying again later may work.
    package var isUnavailable: Bool {
        guard let sqlState else { return connectionFailed }
        return connectionFailed || sqlState.hasPrefix("08") || ["57P01", "57P02", "57P03", "53300"].contains(sqlState)
    }

    /// The server's code for a cancelled statement, used for one that was cancelled before it was sent as well.
    private static let cancelledState = "57014"

    static func cancelled(_ operation: String) -> DatabaseError {
        DatabaseError(operation: operation, reason: "cancelled", sqlState: cancelledState)
    }
}

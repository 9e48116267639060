/// What runs statements: a pool, each statement by itself, or a transaction.
package protocol Database: Sendable {
    /// Runs a statement. Returns its rows; none for a statement that returns none.
    ///
    /// Cancelling the task cancels the statement (`isCancellation`). It also refuses to start one, so what has to be
    /// written after a cancellation needs a task of its own.
    ///
    /// - Throws: `DatabaseError`.
    func query(_ query: Query) async throws(DatabaseError) -> [Row]

    /// Runs a statement. Returns how many rows it inserted, updated, deleted or selected.
    ///
    /// - Throws: `DatabaseError`, as `query` does.
    @discardableResult
    func execute(_ query: Query) async throws(DatabaseError) -> Int
}

extension Database {
    /// Runs a statement. Returns its first row; nil when there is none.
    ///
    /// - Throws: `DatabaseError`, as `query` does.
    package func first(_ query: Query) async throws(DatabaseError) -> Row? { try await self.query(query).first }
}

/// A transaction that is open: its statements see each other and are kept together or not at all. After a statement
/// that failed the others fail too (`25P02`); there are no savepoints. Not usable after `transaction` has returned.
package struct DatabaseTransaction: Database {
    private let connection: DatabaseConnection
    private let number: Int

    init(connection: DatabaseConnection, number: Int) {
        self.connection = connection
        self.number = number
    }

    package func query(_ query: Query) async throws(DatabaseError) -> [Row] {
        try await connection.run(query, in: number).rows
    }

    @discardableResult
    package func execute(_ query: Query) async throws(DatabaseError) -> Int {
        try await connection.run(query, in: number).affected
    }

    /// Runs any number of statements that take no parameters and are not prepared, such as a migration.
    ///
    /// - Throws: `DatabaseError` of the first one that fails.
    package func run(script: String) async throws(DatabaseError) {
        try await connection.run(script: script, in: number)
    }
}

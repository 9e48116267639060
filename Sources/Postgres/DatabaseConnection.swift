import Logging
import Threads

/// One connection of a pool, with a thread of its own on which libpq blocks. Connects when first used, and again
/// when the server has closed it.
actor DatabaseConnection {
    private let thread = WorkerThread()
    private let wakeup: Wakeup
    private let url: String
    private let logger: Logger
    private var session: Session?
    private var statements = StatementCache()
    private var transaction: Int?
    private var transactions = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Throws: `DatabaseError` when the process has no descriptors left.
    init(url: String, logger: Logger) throws(DatabaseError) {
        self.url = url
        self.logger = logger
        wakeup = try Wakeup()
    }

    /// Runs one statement, in the open transaction of that number or in none. Cancelling the task cancels it on the
    /// server.
    nonisolated func run(_ query: Query, in transaction: Int? = nil) async throws(DatabaseError) -> ResultSet {
        try await cancellable(query.operation) { connection, cancellation throws(DatabaseError) in
            try connection.run(query, in: transaction, cancellation)
        }
    }

    /// Runs any number of statements without parameters in the open transaction of that number.
    nonisolated func run(script: String, in transaction: Int) async throws(DatabaseError) {
        _ = try await cancellable("run a script") { connection, cancellation throws(DatabaseError) in
            try connection.transactionSession(transaction, "run a script").run(script: script, cancellation)
        }
    }

    /// Opens a transaction. Returns its number.
    nonisolated func begin() async throws(DatabaseError) -> Int {
        try await cancellable("begin") { connection, cancellation throws(DatabaseError) in
            try connection.begin(cancellation)
        }
    }

    /// Commits the open transaction.
    func commit(_ number: Int) throws(DatabaseError) {
        let session = try transactionSession(number, "commit")
        defer { if !session.isInTransaction { transaction = nil } }
        // The server answers the COMMIT of a failed transaction with ROLLBACK and no error.
        guard try session.run(script: "commit", Cancellation(wakeup)) == "COMMIT" else {
            throw DatabaseError(operation: "commit", reason: "a statement before it had failed; nothing was kept")
        }
    }

    /// Ends the transaction without keeping anything; a connection that cannot do that is closed, which does it too.
    func rollback() {
        transaction = nil
        guard let session, session.isInTransaction else { return }
        do throws(DatabaseError) {
            try session.run(script: "rollback", Cancellation(wakeup))
        } catch {
            logger.debug("closing a connection that cannot roll back", metadata: ["error": "\(error)"])
            disconnect()
        }
    }

    /// Closes the connection; the next use opens it again.
    func disconnect() {
        session = nil
        transaction = nil
        statements = StatementCache()
    }

    private typealias Body<T> = @Sendable (isolated DatabaseConnection, Cancellation) throws(DatabaseError) -> T

    private nonisolated func cancellable<T: Sendable>(
        _ operation: @autoclosure @Sendable () -> String, _ body: Body<T>
    ) async throws(DatabaseError) -> T {
        let cancellation = Cancellation(wakeup)
        return try await withTaskCancellationHandler {
            await run(body, operation, cancellation)
        } onCancel: {
            cancellation.cancel()
        }.get()
    }

    private func run<T: Sendable>(
        _ body: Body<T>, _ operation: @Sendable () -> String, _ cancellation: Cancellation
    ) -> Result<T, DatabaseError> {
        if cancellation.isCancelled { return .failure(.cancelled(operation())) }
        return Result { () throws(DatabaseError) in try body(self, cancellation) }
    }

    private func begin(_ cancellation: Cancellation) throws(DatabaseError) -> Int {
        _ = try run("begin", in: nil, cancellation)
        transactions += 1
        transaction = transactions
        return transactions
    }

    private func run(_ query: Query, in number: Int?, _ cancellation: Cancellation) throws(DatabaseError) -> ResultSet {
        if let number {
            return try attempt(query, on: transactionSession(number, query.operation), cancellation)
        }
        do throws(DatabaseError) {
            return try attempt(query, on: openSession(), cancellation)
        } catch  where mayRetry(error) {
            logger.debug("trying a statement again", metadata: ["reason": "\(error)"])
            return try attempt(query, on: openSession(), cancellation)
        }
    }

    /// Whether a statement outside a transaction that failed so did nothing: the server ended the idle session before
    /// it read the statement (57P01), or a prepared statement does not fit a changed schema (0A000) or is gone (26000).
    private func mayRetry(_ error: DatabaseError) -> Bool {
        if session?.isConnected == true { return error.sqlState == "0A000" || error.sqlState == "26000" }
        return error.sqlState == "57P01"
    }

    private func attempt(
        _ query: Query, on session: Session, _ cancellation: Cancellation
    ) throws(DatabaseError) -> ResultSet {
        do throws(DatabaseError) {
            if let name = statements.name(for: query) { return try session.execute(query, as: name, cancellation) }
            return try session.execute(query, as: prepare(query, on: session, cancellation), cancellation)
        } catch {
            if error.sqlState == "0A000" || error.sqlState == "26000" { statements.remove(query) }
            throw error
        }
    }

    private func prepare(
        _ query: Query, on session: Session, _ cancellation: Cancellation
    ) throws(DatabaseError) -> String {
        let name = statements.newName()
        try session.prepare(query, as: name, cancellation)
        if let evicted = statements.insert(name, for: query) {
            try session.run(script: "deallocate \(evicted)", cancellation)
        }
        return name
    }

    /// The session, opened again if the server has closed it.
    private func openSession() throws(DatabaseError) -> Session {
        if let session {
            if session.isOpen() { return session }
            logger.debug("the server closed an idle connection")
        }
        disconnect()
        let opened = try Session(url: url, wakeup: wakeup)
        session = opened
        return opened
    }

    /// The session while the transaction of that number is open on it.
    private func transactionSession(_ number: Int, _ operation: String) throws(DatabaseError) -> Session {
        guard number == transaction, let session else {
            throw DatabaseError(operation: operation, reason: "the transaction has ended")
        }
        return session
    }
}

package import Logging
import Synchronization

/// A bounded set of connections to one database, opened as they are needed. Whoever finds all of them busy waits in
/// line for up to 10 s.
package final class DatabasePool: Database {
    private let url: String
    private let size: Int
    private let waitLimit: Duration
    private let logger: Logger
    private let queue: Mutex<ConnectionQueue>
    private let waiterIDs = Atomic(0)
    private let listeners = Mutex<[Listener]>([])

    /// Connects nothing yet.
    ///
    /// - Parameters:
    ///   - url: a libpq URI or `key=value` string. Connecting gives up after 5 s unless it has a `connect_timeout`.
    ///   - size: how many connections there are at most, not counting one for each `listen`.
    ///   - waitLimit: how long one waits for a busy connection.
    package init(url: String, size: Int = 8, waitLimit: Duration = .seconds(10), logger: Logger) {
        self.url = url
        self.size = max(1, size)
        self.waitLimit = waitLimit
        self.logger = logger
        queue = Mutex(ConnectionQueue(size: max(1, size)))
    }

    package func query(_ query: Query) async throws(DatabaseError) -> [Row] { try await run(query).rows }

    @discardableResult
    package func execute(_ query: Query) async throws(DatabaseError) -> Int { try await run(query).affected }

    /// Runs `body` in a transaction and commits it. Rolls back when `body` throws or the task is cancelled. Nothing is
    /// tried again, not even after a deadlock or a serialization failure.
    ///
    /// - Throws: what `body` throws; `DatabaseError`; `CancellationError` when the task is cancelled before the commit.
    ///   When the connection is lost during the commit (`isUnavailable`), it is not known whether it happened.
    @discardableResult
    package func transaction<T>(_ body: (DatabaseTransaction) async throws -> T) async throws -> T {
        let connection = try await acquire()
        defer { release(connection) }
        do {
            let number = try await connection.begin()
            let value = try await body(DatabaseTransaction(connection: connection, number: number))
            try Task.checkCancellation()
            try await connection.commit(number)
            return value
        } catch {
            await connection.rollback()
            throw error
        }
    }

    /// Listens on channels, on a connection of its own that is opened again whenever it is lost. Each time it is open,
    /// the first one included, `.reconnected` comes first: what was notified before may have been missed. Ends when the
    /// task that reads it is cancelled, when nobody reads it any more, or with the pool.
    package func listen(_ channels: [String]) -> AsyncStream<DatabaseNotification> {
        let (stream, continuation) = AsyncStream<DatabaseNotification>.makeStream()
        do throws(DatabaseError) {
            let listener = try Listener(url: url, channels: channels, logger: logger, continuation: continuation)
            listeners.withLock { $0.append(listener) }
            continuation.onTermination = { [weak self] _ in
                listener.stop()
                self?.listeners.withLock { $0.removeAll { $0 === listener } }
            }
            if queue.withLock({ $0.isClosed }) { listener.stop() }
            listener.start()
        } catch {
            logger.error("cannot listen for notifications", metadata: ["error": "\(error)"])
            continuation.finish()
        }
        return stream
    }

    /// Refuses new work and whoever waits, ends all listening, and closes each connection once its work is done.
    package func close() async {
        let (free, waiters) = queue.withLock { $0.close() }
        for waiter in waiters { waiter.resume(returning: .failure(Self.closedError)) }
        for listener in listeners.withLock({ $0 }) { listener.stop() }
        for connection in free { await connection.disconnect() }
        await withCheckedContinuation { closer in
            let done = queue.withLock { queue in
                queue.add(closer: closer)
                return queue.takeClosers()
            }
            for closer in done { closer.resume() }
        }
    }

    private func run(_ query: Query) async throws(DatabaseError) -> ResultSet {
        let connection = try await acquire()
        defer { release(connection) }
        return try await connection.run(query)
    }

    private func acquire() async throws(DatabaseError) -> DatabaseConnection {
        switch queue.withLock({ $0.next() }) {
        case .use(let connection): return connection
        case .open: return try open()
        case .wait: return try await wait()
        case .closed: throw Self.closedError
        }
    }

    private func open() throws(DatabaseError) -> DatabaseConnection {
        do throws(DatabaseError) {
            return try DatabaseConnection(url: url, logger: logger)
        } catch {
            queue.withLock { $0.forget() }?.resume(returning: .failure(error))
            throw error
        }
    }

    private func wait() async throws(DatabaseError) -> DatabaseConnection {
        let id = waiterIDs.wrappingAdd(1, ordering: .relaxed).newValue
        let timer = Task { [waitLimit] in
            guard (try? await Task.sleep(for: waitLimit)) != nil else { return }  // the wait is over
            self.refuse(id, self.busyError)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue($0, id: id) }
        } onCancel: {
            refuse(id, .cancelled(Self.acquiring))
        }.get()
    }

    /// Adds a waiter, unless a connection has come back since it was found that there is none.
    private func enqueue(_ waiter: ConnectionQueue.Waiter, id: Int) {
        let step: ConnectionQueue.Step? = queue.withLock { queue in
            if Task.isCancelled { return nil }  // `onCancel` has found nobody to refuse
            let step = queue.next()
            if case .wait = step { queue.add(waiter, id: id) }
            return step
        }
        switch step {
        case .use(let connection): waiter.resume(returning: .success(connection))
        case .open: waiter.resume(returning: Result { () throws(DatabaseError) in try open() })
        case .closed: waiter.resume(returning: .failure(Self.closedError))
        case .wait: break
        case nil: waiter.resume(returning: .failure(.cancelled(Self.acquiring)))
        }
    }

    private func refuse(_ id: Int, _ error: DatabaseError) {
        queue.withLock { $0.removeWaiter(id) }?.resume(returning: .failure(error))
    }

    private func release(_ connection: DatabaseConnection) {
        let (waiter, closers) = queue.withLock { ($0.release(connection), $0.takeClosers()) }
        waiter?.resume(returning: .success(connection))
        for closer in closers { closer.resume() }
    }

    /// How many wait for a connection.
    var waiterCount: Int { queue.withLock { $0.waiterCount } }

    /// How many connections are open and free.
    var freeCount: Int { queue.withLock { $0.freeCount } }

    private static let acquiring = "get a database connection"

    private static let closedError = DatabaseError(
        operation: acquiring, reason: "the pool is closed", connectionFailed: true)

    private var busyError: DatabaseError {
        DatabaseError(operation: Self.acquiring, reason: "all \(size) connections are busy", connectionFailed: true)
    }
}

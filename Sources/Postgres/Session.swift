import CLibPQ
import Glibc

/// One libpq connection. Not Sendable: it stays with the actor or thread that opened it. Its calls block.
final class Session {
    private let handle: OpaquePointer
    private let wakeup: Wakeup

    /// Connects. Gives up after 5 s unless `url` says otherwise.
    init(url: String, wakeup: Wakeup) throws(DatabaseError) {
        self.wakeup = wakeup
        try Self.validate(url)
        handle = Self.connect(url)!
        guard PQstatus(handle) == CONNECTION_OK else {
            throw DatabaseError(
                operation: "connect to the database", reason: Self.line(PQerrorMessage(handle)), connectionFailed: true)
        }
        // Notices inform; libpq would print them on our standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Whether libpq has not noticed that the connection ended.
    var isConnected: Bool { PQstatus(handle) == CONNECTION_OK }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Whether the server still holds the idle connection open: reads what it said since the last statement.
    func isOpen() -> Bool {
        while isConnected {
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) > 0 else { return true }
            guard PQconsumeInput(handle) != 0 else { return false }
            _ = PQisBusy(handle)  // parses what was read
        }
        return false
    }

    /// Prepares the statement of a query under a name.
    func prepare(_ query: Query, as name: String, _ cancellation: Cancellation) throws(DatabaseError) {
        let types = query.parameters.map(\.type.id)
        try send(query.operation, PQsendPrepare(handle, name, query.sql, Int32(types.count), types))
        _ = try collect(query.operation, cancellation)
    }

    /// Runs a prepared statement with the query's parameters.
    func execute(_ query: Query, as name: String, _ cancellation: Cancellation) throws(DatabaseError) -> ResultSet {
        try send(query.operation, sendPrepared(name, query.parameters))
        return try collect(query.operation, cancellation)
    }

    /// Runs any number of statements without parameters. Returns what the server calls the last one, such as `COMMIT`.
    @discardableResult
    func run(script sql: String, _ cancellation: Cancellation) throws(DatabaseError) -> String {
        let query = Query(stringLiteral: sql)
        try send(query.operation, PQsendQuery(handle, sql))
        return try collect(query.operation, cancellation).command
    }

    /// Blocks until the server says something, the wakeup is signalled (true) or the time is over.
    func waitForInput(milliseconds: Int32) -> Bool { wakeup.wait(for: PQsocket(handle), milliseconds: milliseconds) }

    /// The notifications that came since the last call.
    func takeNotifications() -> [(channel: String, payload: String)] {
        var taken: [(channel: String, payload: String)] = []
        while let notification = PQnotifies(handle) {
            let value = notification.pointee
            taken.append((String(cString: value.relname), String(cString: value.extra)))
            PQfreemem(notification)
        }
        return taken
    }

    private func sendPrepared(_ name: String, _ parameters: [Query.Parameter]) -> Int32 {
        var buffer: [UInt8] = []
        let offsets = parameters.map { parameter -> Int? in
            defer { buffer += parameter.bytes ?? [] }
            return parameter.bytes == nil ? nil : buffer.count
        }
        buffer.append(0)  // an empty value needs a pointer too: a null pointer is NULL
        let lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: parameters.count)
        return buffer.withUnsafeBytes { bytes in
            let base = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { $0.map { UnsafePointer(base + $0) } }
            return PQsendQueryPrepared(handle, name, Int32(values.count), values, lengths, formats, 1)
        }
    }

    private func send(_ operation: @autoclosure () -> String, _ sent: Int32) throws(DatabaseError) {
        guard sent != 1 else { return }
        throw DatabaseError(
            operation: operation(), reason: Self.line(PQerrorMessage(handle)), connectionFailed: !isConnected)
    }

    /// Waits for all results of what was sent; the last one counts, or the first error.
    private func collect(
        _ operation: @autoclosure () -> String, _ cancellation: Cancellation
    ) throws(DatabaseError) -> ResultSet {
        var last = ResultSet(table: nil, command: "", affected: 0)
        var failure: DatabaseError?
        while true {
            awaitResult(cancellation)
            guard let raw = PQgetResult(handle) else { break }
            let result = ResultHandle(raw)
            if result.isCopy { throw abandonCopy(operation()) }
            if result.isSuccess {
                last = result.copy()
            } else if failure == nil {
                failure = result.error(operation(), connectionFailed: !isConnected)
            }
        }
        if let failure { throw failure }
        return last
    }

    /// Waits until `PQgetResult` does not block. A request to cancel that reaches the server before the statement does
    /// is lost, so it is repeated.
    private func awaitResult(_ cancellation: Cancellation) {
        while PQisBusy(handle) != 0 {
            if cancellation.isCancelled { cancelStatement() }
            let limit: Int32 = cancellation.isCancelled ? 100 : -1
            if !wakeup.wait(for: PQsocket(handle), milliseconds: limit) && PQconsumeInput(handle) == 0 { return }
        }
    }

    /// Asks the server to cancel the running statement; whether it did shows in the result.
    private func cancelStatement() {
        guard let cancel = PQgetCancel(handle) else { return }
        defer { PQfreeCancel(cancel) }
        var reason = [CChar](repeating: 0, count: 256)
        PQcancel(cancel, &reason, Int32(reason.count))
    }

    /// A COPY would wait for data that nobody sends: the connection cannot be used again.
    private func abandonCopy(_ operation: String) -> DatabaseError {
        shutdown(PQsocket(handle), Int32(SHUT_RDWR))
        return DatabaseError(operation: operation, reason: "COPY to or from the client is not supported")
    }

    /// Parsed apart from connecting: libpq's message would quote the URL with its password.
    private static func validate(_ url: String) throws(DatabaseError) {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &message)
        PQfreemem(message)
        guard options == nil else { return PQconninfoFree(options) }
        throw DatabaseError(
            operation: "connect to the database",
            reason: "its URL is malformed; write postgresql://user:password@host:5432/name, special characters as %XX")
    }

    /// What stands before `dbname` is a default that the URL may override.
    private static func connect(_ url: String) -> OpaquePointer? {
        let options = [
            ("application_name", "martlet"), ("connect_timeout", "5"), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let strings = options.map { (strdup($0.0), strdup($0.1)) }
        defer {
            for (keyword, value) in strings {
                free(keyword)
                free(value)
            }
        }
        let keywords = strings.map { UnsafePointer($0.0) } + [nil]
        let values = strings.map { UnsafePointer($0.1) } + [nil]
        return PQconnectdbParams(keywords, values, 1)
    }

    /// libpq's message on one line.
    private static func line(_ message: UnsafePointer<CChar>?) -> String {
        let text = message.map { String(cString: $0) } ?? ""
        let lines = text.split(whereSeparator: \.isNewline)
        return lines.map { $0.trimmingPrefix { $0.isWhitespace } }.joined(separator: "; ")
    }
}

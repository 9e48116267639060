import CLibPQ

/// One libpq result, freed when it goes out of scope.
struct ResultHandle: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    private var status: ExecStatusType { PQresultStatus(handle) }

    var isSuccess: Bool { status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY }

    var isCopy: Bool { status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH }

    /// The result as Swift values.
    func copy() -> ResultSet {
        ResultSet(
            table: status == PGRES_TUPLES_OK ? table() : nil,
            command: String(cString: PQcmdStatus(handle)),
            affected: Int(String(cString: PQcmdTuples(handle))) ?? 0)
    }

    /// The server's error.
    func error(_ operation: String, connectionFailed: Bool) -> DatabaseError {
        let state = field("C")  // PG_DIAG_SQLSTATE
        // PG_DIAG_MESSAGE_PRIMARY; libpq's own errors have none.
        let message = field("M") ?? firstLine(String(cString: PQresultErrorMessage(handle)))
        return DatabaseError(
            operation: operation, reason: Self.withoutValues(message, state), sqlState: state,
            constraint: field("n"),  // PG_DIAG_CONSTRAINT_NAME
            connectionFailed: connectionFailed)
    }

    /// Data exceptions (class 22) quote the value that they refuse: what follows the first quotation mark goes.
    /// Details and hints, which quote keys and rows, are never asked for.
    private static func withoutValues(_ message: String, _ state: String?) -> String {
        guard let state, state.hasPrefix("22"), let quote = message.firstIndex(where: { "\"«„“”‘'".contains($0) })
        else { return message }
        return message[..<quote] + "…"
    }

    private func firstLine(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no reason given"
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(handle, Int32(code.value)).map { String(cString: $0) }
    }

    private func table() -> ResultSet.Table {
        let columns = (0..<PQnfields(handle)).map {
            (name: String(cString: PQfname(handle, $0)), type: PostgresType(PQftype(handle, $0)))
        }
        var bytes: [UInt8] = []
        var ranges: [Range<Int>?] = []
        ranges.reserveCapacity(Int(PQntuples(handle)) * columns.count)
        for row in 0..<PQntuples(handle) {
            for column in 0..<PQnfields(handle) { ranges.append(append(row, column, to: &bytes)) }
        }
        return ResultSet.Table(columns: columns, bytes: bytes, ranges: ranges)
    }

    private func append(_ row: Int32, _ column: Int32, to bytes: inout [UInt8]) -> Range<Int>? {
        guard PQgetisnull(handle, row, column) == 0 else { return nil }
        let start = bytes.count
        let value = UnsafeRawPointer(PQgetvalue(handle, row, column)!)
        bytes += UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(handle, row, column)))
        return start..<bytes.count
    }
}

/// What one statement answered, copied out of libpq: all values in one buffer, none boxed.
struct ResultSet: Sendable {
    /// The columns and values; shared by the rows.
    final class Table: Sendable {
        let columns: [(name: String, type: PostgresType)]
        let bytes: [UInt8]
        /// Where each value is in `bytes`, row by row; nil is NULL.
        let ranges: [Range<Int>?]

        init(columns: [(name: String, type: PostgresType)], bytes: [UInt8], ranges: [Range<Int>?]) {
            self.columns = columns
            self.bytes = bytes
            self.ranges = ranges
        }
    }

    /// nil for a statement that returns no rows by its kind.
    let table: Table?
    /// What the server calls the statement that it ran, such as `COMMIT`.
    let command: String
    /// Rows inserted, updated, deleted or selected; 0 for other statements.
    let affected: Int

    var rows: [Row] {
        guard let table, !table.columns.isEmpty else { return [] }
        return (0..<table.ranges.count / table.columns.count).map { Row(table: table, index: $0) }
    }
}

/// One row of a query's answer.
package struct Row: Sendable {
    private let table: ResultSet.Table
    private let index: Int

    init(table: ResultSet.Table, index: Int) {
        self.table = table
        self.index = index
    }

    /// The value of a column. Ask for an optional (`as: String?.self`, or by the result's type) where it may be NULL.
    ///
    /// - Throws: `DatabaseError` that names the column when there is none of that name, it is NULL, or of another type.
    package func get<T: DatabaseValue>(_ column: String, as type: T.Type = T.self) throws(DatabaseError) -> T {
        guard let position = table.columns.firstIndex(where: { $0.name == column }) else {
            throw failure(column, type, "there is no such column; the columns are \(columnNames)")
        }
        let cell = cell(at: position)
        guard let value = T(databaseCell: cell) else {
            let columnType = table.columns[position].type
            throw failure(column, type, cell == nil ? "it is NULL" : "it is a \(columnType) that does not hold one")
        }
        return value
    }

    private func cell(at position: Int) -> Cell? {
        guard let range = table.ranges[index * table.columns.count + position] else { return nil }
        return Cell(type: table.columns[position].type, bytes: table.bytes[range])
    }

    private var columnNames: String { table.columns.map(\.name).joined(separator: ", ") }

    private func failure(_ column: String, _ type: Any.Type, _ reason: String) -> DatabaseError {
        DatabaseError(operation: "read column '\(column)' as \(type)", reason: reason)
    }
}

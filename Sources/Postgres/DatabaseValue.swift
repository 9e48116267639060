/// One value of a row as the server sent it, in binary format. NULL is no cell at all.
package struct Cell: Sendable {
    package let type: PostgresType
    package let bytes: ArraySlice<UInt8>

    package init(type: PostgresType, bytes: ArraySlice<UInt8>) {
        self.type = type
        self.bytes = bytes
    }
}

/// A Swift type that can be a parameter of a query and be read from a column.
///
/// An `enum Role: String, DatabaseValue` needs nothing else. A `String` parameter is of type `text`: write
/// `\(value)::jsonb` where the column is neither text nor varchar.
package protocol DatabaseValue: Sendable {
    /// The type a parameter is sent as.
    static var databaseType: PostgresType { get }
    /// The value in the server's binary format; nil is NULL.
    var databaseBytes: [UInt8]? { get }
    /// Reads a cell, nil for NULL. Fails when it does not hold this type.
    init?(databaseCell cell: Cell?)
}

extension Optional: DatabaseValue where Wrapped: DatabaseValue {
    package static var databaseType: PostgresType { Wrapped.databaseType }

    package var databaseBytes: [UInt8]? { self?.databaseBytes }

    package init?(databaseCell cell: Cell?) {
        guard let cell else {
            self = .none
            return
        }
        guard let value = Wrapped(databaseCell: cell) else { return nil }
        self = .some(value)
    }
}

extension DatabaseValue where Self: RawRepresentable, RawValue: DatabaseValue {
    package static var databaseType: PostgresType { RawValue.databaseType }

    package var databaseBytes: [UInt8]? { rawValue.databaseBytes }

    package init?(databaseCell cell: Cell?) {
        guard let value = RawValue(databaseCell: cell) else { return nil }
        self.init(rawValue: value)
    }
}

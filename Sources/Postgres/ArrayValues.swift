package import FoundationEssentials

/// A type whose Swift array is a database value: `[UInt8]` is a `bytea`, the others are PostgreSQL arrays.
package protocol DatabaseElement: Sendable {
    /// The type of an array of them.
    static var arrayType: PostgresType { get }
    /// The array in the server's binary format.
    static func encode(_ array: [Self]) -> [UInt8]
    /// Reads a cell that holds an array; nil when it does not, or when an element is NULL.
    static func decode(_ cell: Cell) -> [Self]?
}

extension Array: DatabaseValue where Element: DatabaseElement {
    package static var databaseType: PostgresType { Element.arrayType }

    package var databaseBytes: [UInt8]? { Element.encode(self) }

    package init?(databaseCell cell: Cell?) {
        guard let cell, let array = Element.decode(cell) else { return nil }
        self = array
    }
}

extension UInt8: DatabaseElement {
    package static var arrayType: PostgresType { .bytea }
    package static func encode(_ array: [UInt8]) -> [UInt8] { array }
    package static func decode(_ cell: Cell) -> [UInt8]? { cell.type == .bytea ? Array(cell.bytes) : nil }
}

extension String: DatabaseElement {
    package static var arrayType: PostgresType { .textArray }
}

extension Int: DatabaseElement {
    package static var arrayType: PostgresType { .int8Array }
}

extension UUID: DatabaseElement {
    package static var arrayType: PostgresType { .uuidArray }
}

/// `array_send` and `array_recv`: dimensions, has-null flag, element type, then size and first index of the
/// dimension, then each element with its length.
extension DatabaseElement where Self: DatabaseValue {
    package static func encode(_ array: [Self]) -> [UInt8] {
        var bytes: [UInt8] = []
        for header in [1, 0, Int32(bitPattern: databaseType.id), Int32(array.count), 1] { append(header, to: &bytes) }
        for element in array {
            let value = element.databaseBytes ?? []
            append(Int32(value.count), to: &bytes)
            bytes += value
        }
        return bytes
    }

    package static func decode(_ cell: Cell) -> [Self]? {
        guard cell.type.isArray else { return nil }
        var rest = cell.bytes
        guard let dimensions = takeInteger(from: &rest), takeInteger(from: &rest) != nil,
            let type = takeInteger(from: &rest)
        else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = takeInteger(from: &rest), takeInteger(from: &rest) != nil else { return nil }
        return elements(count, of: PostgresType(UInt32(bitPattern: type)), in: rest)
    }

    private static func elements(_ count: Int32, of type: PostgresType, in bytes: ArraySlice<UInt8>) -> [Self]? {
        var rest = bytes
        var array: [Self] = []
        for _ in 0..<max(0, count) {
            guard let length = takeInteger(from: &rest), length >= 0, length <= rest.count,
                let value = Self(databaseCell: Cell(type: type, bytes: rest.prefix(Int(length))))
            else { return nil }
            array.append(value)
            rest = rest.dropFirst(Int(length))
        }
        return array
    }

    private static func append(_ integer: Int32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func takeInteger(from bytes: inout ArraySlice<UInt8>) -> Int32? {
        guard bytes.count >= 4 else { return nil }
        let value = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        bytes = bytes.dropFirst(4)
        return Int32(bitPattern: value)
    }
}

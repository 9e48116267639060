package import FoundationEssentials

extension String: DatabaseValue {
    package static var databaseType: PostgresType { .text }

    package var databaseBytes: [UInt8]? { Array(utf8) }

    package init?(databaseCell cell: Cell?) {
        guard let cell else { return nil }
        if cell.type.isText {
            self.init(decoding: cell.bytes, as: UTF8.self)
        } else if cell.type == .jsonb, cell.bytes.first == 1 {  // the version of the format
            self.init(decoding: cell.bytes.dropFirst(), as: UTF8.self)
        } else {
            return nil
        }
    }
}

extension Int64: DatabaseValue {
    package static var databaseType: PostgresType { .int8 }

    package var databaseBytes: [UInt8]? { withUnsafeBytes(of: bigEndian, Array.init) }

    package init?(databaseCell cell: Cell?) {
        guard let cell else { return nil }
        switch cell.type {
        case .int8: self.init(bitPattern: cell.unsigned())
        case .int4: self.init(Int32(truncatingIfNeeded: cell.unsigned()))
        case .int2: self.init(Int16(truncatingIfNeeded: cell.unsigned()))
        case .oid: self.init(cell.unsigned())
        default: return nil
        }
    }
}

extension Int: DatabaseValue {
    package static var databaseType: PostgresType { .int8 }

    package var databaseBytes: [UInt8]? { Int64(self).databaseBytes }

    package init?(databaseCell cell: Cell?) {
        guard let value = Int64(databaseCell: cell) else { return nil }
        self.init(value)
    }
}

extension Double: DatabaseValue {
    package static var databaseType: PostgresType { .float8 }

    package var databaseBytes: [UInt8]? { withUnsafeBytes(of: bitPattern.bigEndian, Array.init) }

    package init?(databaseCell cell: Cell?) {
        guard let cell else { return nil }
        switch cell.type {
        case .float8: self.init(bitPattern: cell.unsigned())
        case .float4: self.init(Float(bitPattern: UInt32(truncatingIfNeeded: cell.unsigned())))
        default: return nil
        }
    }
}

extension Bool: DatabaseValue {
    package static var databaseType: PostgresType { .bool }

    package var databaseBytes: [UInt8]? { [self ? 1 : 0] }

    package init?(databaseCell cell: Cell?) {
        guard let cell, cell.type == .bool else { return nil }
        self = cell.bytes.first == 1
    }
}

extension UUID: DatabaseValue {
    package static var databaseType: PostgresType { .uuid }

    package var databaseBytes: [UInt8]? { withUnsafeBytes(of: uuid, Array.init) }

    package init?(databaseCell cell: Cell?) {
        guard let cell, cell.type == .uuid, cell.bytes.count == 16 else { return nil }
        self.init(uuid: cell.bytes.withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) })
    }
}

/// A moment, kept to the microsecond. An infinite time interval is PostgreSQL's `infinity`.
extension Date: DatabaseValue {
    package static var databaseType: PostgresType { .timestamptz }

    package var databaseBytes: [UInt8]? {
        let microseconds = ((timeIntervalSinceReferenceDate + Self.secondsSincePostgresEpoch) * 1_000_000).rounded()
        return (Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max)).databaseBytes
    }

    package init?(databaseCell cell: Cell?) {
        guard let cell, cell.type == .timestamptz else { return nil }
        let interval: Double
        switch Int64(bitPattern: cell.unsigned()) {
        case .max: interval = .infinity
        case .min: interval = -.infinity
        case let microseconds: interval = Double(microseconds) / 1_000_000 - Self.secondsSincePostgresEpoch
        }
        self.init(timeIntervalSinceReferenceDate: interval)
    }

    /// From 2000-01-01, where the server counts from, to 2001-01-01, where `Date` does.
    private static let secondsSincePostgresEpoch = 366 * 86_400.0
}

extension Cell {
    /// Its bytes as one big-endian number.
    func unsigned() -> UInt64 {
        var value: UInt64 = 0
        for byte in bytes { value = value << 8 | UInt64(byte) }
        return value
    }
}

import TOMLKit

/// A TOML value on its own (TOML 1.0): those of the parser live only as long as the document that they are in.
package indirect enum TOMLItem: Sendable, Equatable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    /// A date or a time, as it is written.
    case moment(String)
    case array([TOMLItem])
    case table([String: TOMLItem])

    /// The table that `text` is, up to its first zero byte.
    ///
    /// - Parameter mistake: the error for what is wrong in a line.
    static func parse(
        _ text: String, _ mistake: (_ line: Int, _ reason: String) -> BuildError
    ) throws(BuildError) -> [String: TOMLItem] {
        do {
            let table = try TOMLTable(string: text)
            return withExtendedLifetime(table) { Self.table(table) }
        } catch let error as TOMLParseError {
            throw mistake(error.source.begin.line, error.description)
        } catch {
            throw mistake(1, "\(error)")
        }
    }

    /// What a table has by this name; nil when it has nothing, or this is no table.
    subscript(key: String) -> TOMLItem? {
        guard case .table(let items) = self else { return nil }
        return items[key]
    }

    /// Nil when it is no string.
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    private static func table(_ table: TOMLTable) -> [String: TOMLItem] {
        Dictionary(table.map { ($0.0, TOMLItem($0.1)) }, uniquingKeysWith: { $1 })
    }

    private init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = .string(value.string ?? "")
        case .int: self = .integer(value.int ?? 0)
        case .double: self = .number(value.double ?? 0)
        case .bool: self = .boolean(value.bool ?? false)
        case .array: self = .array((value.array.map(Array.init) ?? []).map(TOMLItem.init))
        case .table: self = .table(value.table.map(Self.table) ?? [:])
        case .date, .time, .dateTime: self = .moment(value.debugDescription)
        }
    }

    /// On one line, with keys in order: equal values are written alike.
    package var text: String {
        switch self {
        case .string(let value): Self.quote(value)
        case .integer(let value): "\(value)"
        case .number(let value): Self.write(value)
        case .boolean(let value): "\(value)"
        case .moment(let value): value
        case .array(let items): "[\(items.map(\.text).joined(separator: ", "))]"
        case .table(let items):
            "{\(items.sorted { $0.key < $1.key }.map { "\(Self.key($0.key)) = \($0.value.text)" }.joined(separator: ", "))}"
        }
    }

    /// The lines of a table, as people write them: shell scripts search them.
    static func lines(_ items: [String: TOMLItem]) -> String {
        items.sorted { $0.key < $1.key }.map { "\(key($0.key)) = \($0.value.text)\n" }.joined()
    }

    /// The key as it is where TOML allows that.
    private static func key(_ text: String) -> String {
        let isBare = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        return isBare && !text.isEmpty ? text : quote(text)
    }

    private static func write(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return "\(number)"
    }

    /// A basic string.
    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension TOMLItem: Codable {
    private enum Key: String, CodingKey {
        case moment, number
    }

    /// As JSON has it. Dates, and numbers that would come back as integers or that JSON lacks, are objects.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .moment(let value):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(value, forKey: .moment)
        case .number(let value) where !value.isFinite || value == value.rounded():
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("\(value)", forKey: .number)
        case .table(let items): try items.encode(to: encoder)
        default: try encodePlain(to: encoder)
        }
    }

    private func encodePlain(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .array(let items): try container.encode(items)
        case .moment, .table: return
        }
    }

    package init(from decoder: any Decoder) throws {
        if let items = try? [String: TOMLItem](from: decoder) {
            if items.count == 1, case .string(let moment)? = items[Key.moment.rawValue] {
                self = .moment(moment)
            } else if items.count == 1, case .string(let text)? = items[Key.number.rawValue], let number = Double(text)
            {
                self = .number(number)
            } else {
                self = .table(items)
            }
            return
        }
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else {
            self = .array(try container.decode([TOMLItem].self))
        }
    }
}

import Foundation
import Platform

/// A list as columns for people, or as JSON for programs.
struct Table<Element: Encodable> {
    let header: [String]
    let elements: [Element]
    /// The cells of one element, one for each column.
    let cells: (Element) -> [String]

    /// The text to print, without a line feed at its end; empty for an empty list of columns.
    func rendered(asJSON: Bool) throws -> String {
        if asJSON {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            return String(decoding: try encoder.encode(elements), as: UTF8.self)
        }
        guard !elements.isEmpty else { return "" }
        let rows = [header] + elements.map(cells)
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
            return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

extension CommandContext {
    /// Prints a list; for people an empty one is a remark.
    func list<Element: Encodable>(
        _ elements: [Element], asJSON: Bool, header: [String], none: String, cells: @escaping (Element) -> [String]
    ) async throws {
        let text = try Table(header: header, elements: elements, cells: cells).rendered(asJSON: asJSON)
        if text.isEmpty { try await say(none) } else { try await print(text) }
    }

    /// Prints one thing: for people a line for each of its properties that there is.
    func show(
        _ element: some Encodable, asJSON: Bool, properties: [(name: String, value: String?)]
    ) async throws {
        if asJSON { return try await list([element], asJSON: true, header: [], none: "") { _ in [] } }
        let width = properties.map(\.name.count).max() ?? 0
        for (name, value) in properties {
            guard let value else { continue }
            try await print("\(name.padding(toLength: width, withPad: " ", startingAt: 0))  \(value)")
        }
    }
}

extension Date {
    /// Such as `2026-01-31 09:05`, in UTC.
    var minute: String {
        let text = ISO8601Format()
        return text.prefix(16).replacingOccurrences(of: "T", with: " ")
    }
}

/// One SQL statement with its parameters. An interpolated value becomes `$1`, `$2`, … and travels beside the text,
/// so that it is never read as SQL: `"select * from users where name = \(name)"`.
///
/// Each distinct text is prepared once per connection.
package struct Query: ExpressibleByStringInterpolation, Sendable, CustomStringConvertible {
    /// The statement with `$n` in place of the values.
    package let sql: String
    let parameters: [Parameter]

    struct Parameter: Sendable {
        let type: PostgresType
        let bytes: [UInt8]?
    }

    package init(stringLiteral value: String) {
        sql = value
        parameters = []
    }

    package init(stringInterpolation: StringInterpolation) {
        sql = stringInterpolation.sql
        parameters = stringInterpolation.parameters
    }

    /// The statement without the values.
    package var description: String { sql }

    /// `run '…'` for an error: the text on one line, its first 200 characters.
    var operation: String {
        let words = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "run '\(words.count > 200 ? words.prefix(200) + "…" : words)'"
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var sql = ""
        var parameters: [Parameter] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + interpolationCount * 3)
            parameters.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { sql += literal }

        /// Adds a parameter.
        package mutating func appendInterpolation(_ value: some DatabaseValue) {
            appendParameter(Parameter(type: Swift.type(of: value).databaseType, bytes: value.databaseBytes))
        }

        /// Adds a parameter that is NULL for nil.
        package mutating func appendInterpolation<T: DatabaseValue>(_ value: T?) {
            appendParameter(Parameter(type: T.databaseType, bytes: value?.databaseBytes ?? nil))
        }

        /// Adds SQL text as it is. For names and fragments that the program holds itself, never for what a user wrote.
        package mutating func appendInterpolation(unescaped text: String) { sql += text }

        private mutating func appendParameter(_ parameter: Parameter) {
            parameters.append(parameter)
            sql += "$"
            sql += String(parameters.count)
        }
    }
}

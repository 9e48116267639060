/// What a file of a layer does to a variable (Buildpack API, "Environment Variable Modification Rules").
package struct EnvironmentChange: Sendable, Equatable, Codable {
    package enum Operation: String, Sendable, Codable {
        case override, append, prepend
        /// Only when it is empty.
        case `default`
    }

    package let name: String
    package let operation: Operation
    package let value: String
    /// What comes between the old value and this one.
    package let delimiter: String

    package init(_ name: String, _ operation: Operation, _ value: String, delimiter: String = "") {
        self.name = name
        self.operation = operation
        self.value = value
        self.delimiter = delimiter
    }

    /// Makes the change. A variable that is empty needs no delimiter.
    package func apply(to environment: inout [String: String]) {
        let old = environment[name] ?? ""
        environment[name] =
            switch operation {
            case .override: value
            case .default: old.isEmpty ? value : old
            case .append: old.isEmpty ? value : old + delimiter + value
            case .prepend: old.isEmpty ? value : value + delimiter + old
            }
    }
}

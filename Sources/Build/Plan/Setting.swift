import GitWire
import Yams

/// A value in a YAML file, with where it stands: every complaint names the file and the line.
struct Setting {
    /// The file's name, as complaints show it.
    let file: String
    /// The key, such as `commands`; empty for the file as a whole.
    let key: String
    let node: Node

    /// A complaint about this value, such as `martlet.yaml:7: 'port' is 1 to 65535, as in 'port: 8000'`.
    func error(_ text: String, hint: String? = nil) -> BuildError { Self.error(file, node, text, hint) }

    /// The keys in it and their values.
    ///
    /// - Parameter known: the keys that it may have.
    /// - Throws: `BuildError` when it is no mapping or has another key.
    func fields(_ known: [String], example: String) throws(BuildError) -> [String: Setting] {
        guard let mapping = node.mapping else { throw misfit("keys with values", example) }
        var fields: [String: Setting] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            guard known.contains(name) else { throw unknown(key, name, known) }
            fields[name] = Setting(file: file, key: name, node: value)
        }
        return fields
    }

    /// The keys in it and their values, whatever they are called, in their order.
    func entries(example: String) throws(BuildError) -> [(name: String, value: Setting)] {
        guard let mapping = node.mapping else { throw misfit("names with values", example) }
        var entries: [(name: String, value: Setting)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else { throw Self.error(file, key, "a name is to be one word") }
            entries.append((name, Setting(file: file, key: name, node: value)))
        }
        return entries
    }

    /// Its text, which is not empty.
    func string(example: String) throws(BuildError) -> String {
        let text = try value(example: example)
        guard !text.utf8.allSatisfy({ $0 == 32 || $0 == 10 || $0 == 9 }) else { throw misfit("a text", example) }
        return text
    }

    /// Its text, which may be empty.
    func value(example: String) throws(BuildError) -> String {
        guard let scalar = node.scalar, !isNull else { throw misfit("a text", example) }
        return scalar.string
    }

    /// The values of a list; of a single value, that.
    func list(example: String) throws(BuildError) -> [Setting] {
        if isNull { throw misfit("a list", example) }
        guard let sequence = node.sequence else {
            if node.scalar == nil { throw misfit("a list", example) }
            return [self]
        }
        return sequence.map { Setting(file: file, key: key, node: $0) }
    }

    /// `true` or `false`.
    func flag(example: String) throws(BuildError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw misfit("'true' or 'false'", example)
        }
    }

    /// A whole number in `range`.
    func number(_ range: ClosedRange<Int>, example: String) throws(BuildError) -> Int {
        guard let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
            throw misfit("a number from \(range.lowerBound) to \(range.upperBound)", example)
        }
        return number
    }

    /// Whether it holds keys with values.
    var isMapping: Bool { node.mapping != nil }

    /// Whether it is a list.
    var isList: Bool { node.sequence != nil }

    /// Whether it is `true`.
    var isTrue: Bool { node.scalar?.string == "true" }

    /// The line that it stands on, from 1.
    var line: Int { node.mark?.line ?? 1 }

    /// Whether nothing stands behind the key.
    var isNull: Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style != .singleQuoted && scalar.style != .doubleQuoted
            && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The complaint that something else than `form` stands here.
    func misfit(_ form: String, _ example: String) -> BuildError {
        error("\(key.isEmpty ? "the file" : "'\(Self.shown(key))'") takes \(form), as in '\(example)'")
    }

    /// `text` from the file, as a complaint may show it.
    static func shown(_ text: String) -> String { ControlCharacters.escape(text.utf8, limit: 60) }

    /// The lines of a text, however they end.
    static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    private func unknown(_ node: Node, _ name: String, _ known: [String]) -> BuildError {
        let owner = key.isEmpty ? file : key
        let suggestion = Suggestion.phrase(name, among: known)
        let text =
            name.isEmpty
            ? "a key is to be one word" : "'\(Self.shown(name))' is no key of '\(owner)'\(suggestion)"
        return Self.error(file, node, text, "'\(owner)' takes: \(known.joined(separator: ", "))")
    }

    private static func error(
        _ file: String, _ node: Node, _ text: String, _ hint: String? = nil
    ) -> BuildError {
        BuildError("\(file):\(node.mark?.line ?? 1): \(text)", hint: hint)
    }
}

import GitWire
import Yams

extension Setting {
    private static let mostIndicators = 16
    private static let mostDepth = 16

    /// The value that a YAML text holds; nil when it holds none.
    ///
    /// Anchors and aliases are refused: they can make a short text unfold into more than any memory.
    ///
    /// - Parameter file: what complaints call the text.
    /// - Throws: `BuildError` with the line of the mistake.
    static func parse(_ text: String, file: String) throws(BuildError) -> Setting? {
        // The parser compares keys with all that is in them, and with what aliases in them unfold to: where there are
        // few of either, that cannot be much.
        if count(of: "*", in: text) > mostIndicators, text.utf8.contains(UInt8(ascii: "&")) {
            throw BuildError("\(file): anchors (&) and aliases (*) are not taken; write the values out")
        }
        if count(of: "?", in: text) > mostIndicators {
            throw BuildError("\(file): keys that begin with '?' are not taken")
        }
        guard let root = try compose(text, file) else { return nil }
        let setting = Setting(file: file, key: "", node: root)
        return setting.isNull ? nil : setting
    }

    private static func compose(_ text: String, _ file: String) throws(BuildError) -> Node? {
        let result = LargeStack.run { () -> Result<Node?, BuildError> in
            do throws(BuildError) {
                return .success(try composeDeeply(text, file))
            } catch {
                return .failure(error)
            }
        }
        guard let result else { throw BuildError("cannot read '\(file)': no thread can be started") }
        return try result.get()
    }

    private static func composeDeeply(_ text: String, _ file: String) throws(BuildError) -> Node? {
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            root = try parser.singleRoot()
        } catch {
            throw translated(error, file)
        }
        // Only the parser keeps anchors.
        defer { withExtendedLifetime(parser) {} }
        if let root { try check(root, file, depth: 1) }
        return root
    }

    /// How often `indicator` stands where a YAML value may begin.
    private static func count(of indicator: Unicode.Scalar, in text: String) -> Int {
        let indicator = UInt8(ascii: indicator)
        var former = UInt8(ascii: " ")
        var count = 0
        for byte in text.utf8 {
            if byte == indicator, " \t\n\r[]{},:?-".utf8.contains(former) { count += 1 }
            former = byte
        }
        return count
    }

    /// Refuses anchors, and what is nested too deep for those who read it later.
    private static func check(_ node: Node, _ file: String, depth: Int) throws(BuildError) {
        let line = node.mark?.line ?? 1
        guard depth <= mostDepth else { throw BuildError("\(file):\(line): this is nested too deep") }
        if node.anchor != nil {
            throw BuildError("\(file):\(line): anchors (&) and aliases (*) are not taken; write the value out")
        }
        for (key, value) in node.mapping ?? [:] {
            try check(key, file, depth: depth + 1)
            try check(value, file, depth: depth + 1)
        }
        for value in node.sequence ?? [] { try check(value, file, depth: depth + 1) }
    }

    private static func translated(_ error: any Error, _ file: String) -> BuildError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, let text), .parser(_, let problem, let mark, let text),
            .composer(_, let problem, let mark, let text):
            return BuildError("\(file):\(mark.line): \(problem)", hint: hint(problem, at: mark.line, of: text))
        case .duplicatedKeysInMapping(let keys, let context):
            let key = shown(keys.first ?? "")
            return BuildError("\(file):\(context.mark.line): '\(key)' is given twice; keep one")
        case .reader(let problem, let offset, _, let text):
            let line = text.prefix(offset ?? 0).count { $0.isNewline } + 1
            return BuildError("\(file):\(line): \(problem)")
        default: return BuildError("\(file): not understood: \(shown("\(error)"))")
        }
    }

    private static func hint(_ problem: String, at line: Int, of text: String) -> String? {
        if problem.contains("alias") || problem.contains("alphabetic") {
            return "put a text that begins with '*' in quotes"
        }
        if problem.contains("cannot start any token") {
            return "indent with spaces instead of tabs, and put texts with special characters in quotes"
        }
        let lines = lines(of: text)
        guard line >= 1, line <= lines.count else { return nil }
        return "the line reads: \(shown(String(lines[line - 1])))"
    }
}

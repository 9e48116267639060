import Platform

/// The lines `type: command` of a `Procfile`, each a process of the app.
///
/// As strict as Dokku: a type is a DNS label and is given once. Lines that begin with `#` or `//` are comments.
enum Procfile {
    static let name = "Procfile"

    /// The processes, in their order, one at least.
    ///
    /// - Parameter file: what complaints call it.
    /// - Throws: `BuildError` with the line of the mistake.
    static func parse(_ text: String, file: String) throws(BuildError) -> [ProcessDeclaration] {
        var processes: [ProcessDeclaration] = []
        var lines: [String: Int] = [:]
        for (index, line) in Setting.lines(of: text).enumerated() {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("//") { continue }
            let (type, command) = try parse(line, "\(file):\(index + 1)")
            if let first = lines.updateValue(index + 1, forKey: type) {
                throw BuildError("\(file):\(index + 1): '\(type)' is declared on line \(first) already")
            }
            processes.append(ProcessDeclaration(type: type, shell: command))
        }
        guard !processes.isEmpty else {
            throw BuildError(
                "\(file): it declares no process", hint: "write a line such as 'web: ./serve', or remove it")
        }
        return processes
    }

    private static func parse(_ line: Substring, _ place: String) throws(BuildError) -> (String, String) {
        guard let colon = line.firstIndex(of: ":") else {
            throw BuildError(
                "\(place): '\(Setting.shown(String(line)))' has no ':'",
                hint: "a line is a type of process, a colon and a command, as in 'web: ./serve'")
        }
        let type = String(trimmed(line[..<colon]))
        guard isType(type) else {
            throw BuildError(
                "\(place): '\(Setting.shown(type))' is no type of process; use 1-63 of a-z, 0-9 and '-', as in 'web'")
        }
        let command = String(trimmed(line[line.index(after: colon)...]))
        guard !command.isEmpty else { throw BuildError("\(place): '\(type)' has no command behind its ':'") }
        return (type, command)
    }

    /// Whether `text` is a DNS label (RFC 1123 §2.1) in lower case.
    static func isType(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(text.utf8.count) && text.utf8.first != hyphen && text.utf8.last != hyphen
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == hyphen }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace = { (character: Character) in character.isWhitespace }
        let start = text.drop(while: isSpace)
        return start[..<(start.lastIndex { !isSpace($0) }.map { start.index(after: $0) } ?? start.startIndex)]
    }
}

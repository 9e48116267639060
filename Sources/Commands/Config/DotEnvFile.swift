import Platform

/// The variables in a `.env` file, in the form that its usual readers agree on.
struct DotEnvFile {
    private let bytes: [UInt8]
    private var next = 0
    private var line = 1

    /// The variables in `text`, the last one of each name.
    ///
    /// - Throws: `Refusal` that names the line, and holds nothing else of the text but a name.
    static func read(_ text: String) throws(Refusal) -> [ConfigName: String] {
        var file = DotEnvFile(text)
        var values: [ConfigName: String] = [:]
        while let (name, value) = try file.nextVariable() { values[name] = value }
        return values
    }

    private init(_ text: String) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var bytes = Array(text.utf8)
        bytes = bytes.indices.filter { !(bytes[$0] == .carriageReturn && bytes[($0 + 1)...].first == .lineFeed) }
            .map { bytes[$0] }
        self.bytes = bytes
    }

    private var current: UInt8? { next < bytes.count ? bytes[next] : nil }

    private func problem(_ text: String, at line: Int? = nil) -> Refusal {
        Refusal("line \(line ?? self.line): \(text)", exitStatus: 2)
    }

    private mutating func advance() {
        if current == .lineFeed { line += 1 }
        next += 1
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = next
        while let byte = current, condition(byte) { advance() }
        return bytes[start..<next]
    }

    private mutating func skipBlanks() { _ = take { $0.isBlank } }

    /// The next variable; nil at the end.
    private mutating func nextVariable() throws(Refusal) -> (ConfigName, String)? {
        while true {
            _ = take { $0.isBlank || $0 == .lineFeed }
            guard current == UInt8(ascii: "#") else { break }
            _ = take { $0 != .lineFeed }
        }
        guard current != nil else { return nil }
        let name = try name()
        skipBlanks()
        return (name, try value(of: name))
    }

    /// A name with its `=`.
    private mutating func name() throws(Refusal) -> ConfigName {
        var word = take { !$0.isBlank && $0 != .lineFeed && $0 != UInt8(ascii: "=") }
        skipBlanks()
        if word.elementsEqual("export".utf8), current != UInt8(ascii: "=") {
            word = take { !$0.isBlank && $0 != .lineFeed && $0 != UInt8(ascii: "=") }
            skipBlanks()
        }
        guard current == UInt8(ascii: "=") else { throw problem("this is not NAME=VALUE") }
        advance()
        do {
            return try ConfigName(String(decoding: word, as: UTF8.self))
        } catch {
            throw problem("\(error.text)\(error.text.contains("cannot be set") ? ", or remove the line" : "")")
        }
    }

    private mutating func value(of name: ConfigName) throws(Refusal) -> String {
        switch current {
        case UInt8(ascii: "'"): return try quoted(by: UInt8(ascii: "'"), name)
        case UInt8(ascii: "\""): return try quoted(by: UInt8(ascii: "\""), name)
        default: return plain()
        }
    }

    /// Up to the end of the line, or to a comment.
    private mutating func plain() -> String {
        var text = Array(take { $0 != .lineFeed })
        let comment = text.indices.first { index in
            text[index] == UInt8(ascii: "#") && (index == 0 || text[index - 1].isBlank)
        }
        if let comment { text.removeSubrange(comment...) }
        while let last = text.last, last.isBlank { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func quoted(by quote: UInt8, _ name: ConfigName) throws(Refusal) -> String {
        let start = line
        var text: [UInt8] = []
        advance()
        while let byte = current, byte != quote {
            advance()
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let escaped = current {
                text += Self.meaning(of: escaped)
                advance()
            } else {
                text.append(byte)
            }
        }
        guard current == quote else { throw problem("the quote of '\(name)' is not closed", at: start) }
        advance()
        skipBlanks()
        if current == UInt8(ascii: "#") { _ = take { $0 != .lineFeed } }
        guard current == nil || current == .lineFeed else {
            throw problem("there is more behind the closing quote of '\(name)'")
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What `\x` stands for in double quotes: itself where nobody agreed on something else.
    private static func meaning(of escaped: UInt8) -> [UInt8] {
        switch escaped {
        case UInt8(ascii: "n"): [.lineFeed]
        case UInt8(ascii: "r"): [.carriageReturn]
        case UInt8(ascii: "t"): [UInt8(ascii: "\t")]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): [escaped]
        default: [UInt8(ascii: "\\"), escaped]
        }
    }
}

extension UInt8 {
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

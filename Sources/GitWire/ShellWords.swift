/// Splits a command line into words as a POSIX shell does, but expands nothing: `$`, `*`, `;` and the like are text.
struct ShellWords {
    private enum Quote {
        case none, single, double
    }

    private var words: [String] = []
    private var word: [UInt8] = []
    /// Whether a word has begun; `''` is one without bytes.
    private var isInWord = false
    private var quote = Quote.none
    private var bytes: ArraySlice<UInt8>

    /// The words of `text`.
    ///
    /// - Throws: `WireError` for a quote or backslash without its other half, and for control characters, except a tab
    ///   and, within quotes, a line feed.
    static func split(_ text: some StringProtocol) throws(WireError) -> [String] {
        var splitter = ShellWords(bytes: Array(text.utf8)[...])
        return try splitter.split()
    }

    private init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    private mutating func split() throws(WireError) -> [String] {
        while let byte = bytes.popFirst() {
            try check(byte)
            switch (quote, byte) {
            case (.none, UInt8(ascii: " ")), (.none, UInt8(ascii: "\t")): endWord()
            case (.none, UInt8(ascii: "'")): open(.single)
            case (.none, UInt8(ascii: "\"")): open(.double)
            case (.single, UInt8(ascii: "'")), (.double, UInt8(ascii: "\"")): quote = .none
            case (.none, UInt8(ascii: "\\")), (.double, UInt8(ascii: "\\")): try takeEscaped()
            default: take(byte)
            }
        }
        guard quote == .none else { throw WireError("unbalanced quote in the command; close it") }
        endWord()
        return words
    }

    private mutating func open(_ kind: Quote) {
        quote = kind
        isInWord = true
    }

    private mutating func take(_ byte: UInt8) {
        word.append(byte)
        isInWord = true
    }

    private mutating func endWord() {
        if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
        word = []
        isInWord = false
    }

    /// What stands after a backslash (POSIX "Shell Command Language" §2.2): a line feed is nothing, and in double
    /// quotes the backslash is itself before most characters.
    private mutating func takeEscaped() throws(WireError) {
        guard let byte = bytes.popFirst() else {
            throw WireError("backslash at the end of the command; remove or double it")
        }
        if byte == UInt8(ascii: "\n") { return }
        try check(byte)
        if quote == .double, !"$`\"\\".utf8.contains(byte) { take(UInt8(ascii: "\\")) }
        take(byte)
    }

    private func check(_ byte: UInt8) throws(WireError) {
        let isText = byte >= 0x20 && byte != 0x7F
        if isText || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") && quote != .none { return }
        throw .unexpected("control character in the command:", [byte])
    }
}

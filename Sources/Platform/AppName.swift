/// The name of an app: a DNS label, since it becomes one.
package struct AppName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The name in `text`: 1–30 of `[a-z0-9-]`, first a letter, last no hyphen.
    ///
    /// - Throws: `Refusal` for anything else.
    package init(_ text: String) throws(Refusal) {
        let bytes = Array(text.utf8)
        guard (1...30).contains(bytes.count), let first = bytes.first, first.isLowerCaseLetter,
            bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy({ $0.isLowerCaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") })
        else { throw .invalidAppName(String(text.prefix(60)).escaped) }
        description = text
    }

    /// A name that the database holds, hence one that was checked before.
    init(stored text: String) { description = text }
}

extension UInt8 {
    var isLowerCaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isLetterOrDigit: Bool { isLowerCaseLetter || isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension String {
    /// This text with control characters made visible, so that it may stand in a message or a log.
    package var escaped: String {
        unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }
}

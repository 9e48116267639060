/// The name of a config variable.
package struct ConfigName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String

    private static let reserved = ["PORT", "HOSTNAME"]
    private static let reservedPrefixes = ["MARTLET_", "CNB_"]

    /// The name in `text`: 1–128 of `[A-Za-z0-9_]`, first no digit, and none that the platform sets itself.
    ///
    /// - Throws: `Refusal` for anything else.
    package init(_ text: String) throws(Refusal) {
        let bytes = Array(text.utf8)
        guard (1...128).contains(bytes.count), let first = bytes.first, !first.isDigit,
            bytes.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
        else { throw .invalidConfigName(String(text.prefix(60)).escaped) }
        if Self.reserved.contains(text) || Self.reservedPrefixes.contains(where: text.hasPrefix) {
            throw .reservedConfigName(text)
        }
        description = text
    }

    /// A name that the database holds, hence one that was checked before.
    init(stored text: String) { description = text }

    package static func < (one: ConfigName, other: ConfigName) -> Bool { one.description < other.description }
}

extension UInt8 {
    fileprivate var isLetter: Bool { isLowerCaseLetter || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
}

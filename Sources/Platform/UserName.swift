/// The name of a user.
package struct UserName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The name in `text`: 1–32 of `[a-z0-9._-]`, first a letter.
    ///
    /// - Throws: `Refusal` for anything else.
    package init(_ text: String) throws(Refusal) {
        let bytes = Array(text.utf8)
        guard (1...32).contains(bytes.count), let first = bytes.first, first.isLowerCaseLetter,
            bytes.allSatisfy({ $0.isLowerCaseLetter || $0.isDigit || "-_.".utf8.contains($0) })
        else { throw .invalidUserName(String(text.prefix(60)).escaped) }
        description = text
    }

    /// A name that the database holds, hence one that was checked before.
    init(stored text: String) { description = text }
}

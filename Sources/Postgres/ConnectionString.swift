import FoundationEssentials

/// What tells libpq how to connect: a URI, or `keyword=value` words (PostgreSQL documentation, "Connection Strings").
package enum ConnectionString {
    /// The same connection with other parameters; those named here win over those in `text`.
    package static func setting(_ parameters: [(name: String, value: String)], in text: String) -> String {
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            let pairs = parameters.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
            return text + (text.contains("?") ? "&" : "?") + pairs
        }
        return parameters.reduce(text) { "\($0) \($1.name)='\(escaped($1.value))'" }
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            if character.isASCII, character.isLetter || character.isNumber { return String(character) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }
}

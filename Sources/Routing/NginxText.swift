/// How nginx's configuration is written.
enum NginxText {
    /// A directive with directives within, indented.
    static func block(_ head: String, _ lines: [String]) -> [String] {
        ["\(head) {"] + lines.map { "    \($0)" } + ["}"]
    }

    /// The words of each simple directive in a text, without those within blocks. Quotes are not told from the rest.
    static func directives(_ text: String) -> [[Substring]] {
        var (depth, start, found) = (0, text.startIndex, [[Substring]]())
        for index in text.indices where "{};\n".contains(text[index]) {
            let isComment = text[start..<index].drop(while: \.isWhitespace).hasPrefix("#")
            // A comment ends with its line, and nothing else does.
            if isComment != (text[index] == "\n") { continue }
            if text[index] == ";", depth == 0 {
                found.append(text[start..<index].split(whereSeparator: \.isWhitespace))
            }
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            start = text.index(after: index)
        }
        return found
    }

    /// A hash (FNV-1a, 64 bits) that tells texts apart whose writers mean no harm to each other.
    static func hash(_ texts: String...) -> String {
        var hash = 0xcbf2_9ce4_8422_2325 as UInt64
        for var text in texts {
            text.withUTF8 { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}

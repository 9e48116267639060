/// How nginx's configuration is written.
enum NginxText {
    /// A directive with directives within, indented.
    static func block(_ head: String, _ lines: [String]) -> [String] {
        ["\(head) {"] + lines.map { "    \($0)" } + ["}"]
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

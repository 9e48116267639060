/// Texts as a POSIX shell takes them.
enum ShellWord {
    /// One word, whatever is in it (IEEE 1003.1 §2.2.2).
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Whether a variable may have this name (IEEE 1003.1 §3.216).
    static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy(UInt8.isWord) && text.utf8.first.map { (48...57).contains($0) } == false
    }
}

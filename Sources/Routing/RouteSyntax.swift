/// What text from users must look like before nginx may read it.
enum RouteSyntax {
    /// 1–63 of `[a-z0-9-]`.
    static func isLabel(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// The absolute path of a folder that nginx reads as it is.
    static func isFolder(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        return path.hasPrefix("/") && !parts.isEmpty && path.utf8.count <= 2000
            && parts.allSatisfy { !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
            && !path.utf8.contains { $0 < 32 || $0 == 127 || "\"'\\$#;{}*?[]".utf8.contains($0) }
    }

    /// `IP:PORT`, IPv4.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = number(parts[1], upTo: 65535) else { return false }
        return port > 0 && isIPv4(parts[0])
    }

    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { number($0, upTo: 255) != nil }
    }

    /// The value of one to five digits.
    static func number(_ digits: some StringProtocol, upTo limit: Int) -> Int? {
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let value = Int(digits), value <= limit
        else { return nil }
        return value
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
    }
}

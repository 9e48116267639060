/// A pattern of one name in a path: `*`, `?`, `[a-z]`, `[!a-z]` and `\` (`glob(7)`).
enum NamePattern {
    /// Whether `pattern` matches all of `name`. Goes back to the last `*` only.
    static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var (at, position) = (0, 0)
        var retry: (at: Int, position: Int)?
        while at < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                retry = (at, position)
                position += 1
            } else if position < pattern.count, let next = step(pattern, position, name[at]) {
                at += 1
                position = next
            } else if let last = retry {
                retry = (last.at + 1, last.position)
                at = last.at + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Behind the element of the pattern that begins at `position` and matches `byte`; nil when it does not match.
    private static func step(_ pattern: [UInt8], _ position: Int, _ byte: UInt8) -> Int? {
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "["):
            if let (isMatch, end) = set(pattern, position, byte) { return isMatch ? end : nil }
        case UInt8(ascii: "\\") where position + 1 < pattern.count:
            return pattern[position + 1] == byte ? position + 2 : nil
        default: break
        }
        return pattern[position] == byte ? position + 1 : nil
    }

    /// Whether the set that begins at `start` holds `byte`, and where it ends; nil when it never ends, and the bracket
    /// stands for itself.
    private static func set(_ pattern: [UInt8], _ start: Int, _ byte: UInt8) -> (Bool, end: Int)? {
        var position = start + 1
        let isNegated = position < pattern.count && "!^".utf8.contains(pattern[position])
        if isNegated { position += 1 }
        let first = position
        var isMatch = false
        while position < pattern.count, pattern[position] != UInt8(ascii: "]") || position == first {
            let low = pattern[position]
            if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-"),
                pattern[position + 2] != UInt8(ascii: "]")
            {
                isMatch = isMatch || low <= byte && byte <= pattern[position + 2]
                position += 3
            } else {
                isMatch = isMatch || low == byte
                position += 1
            }
        }
        return position < pattern.count ? (isMatch != isNegated, position + 1) : nil
    }
}

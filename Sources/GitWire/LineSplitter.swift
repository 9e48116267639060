/// Cuts bytes that arrive in pieces of any size into lines.
package struct LineSplitter: Sendable {
    private var pending: [UInt8] = []
    private let maximumLength: Int

    /// - Parameter maximumLength: bytes, at least 4; a longer line comes in pieces, none cut within a character.
    package init(maximumLength: Int = 10_000) { self.maximumLength = max(4, maximumLength) }

    /// The lines that `bytes` complete, without their line feeds.
    package mutating func append(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let line = rest.prefix(maximumLength + 1 - pending.count).prefix { $0 != UInt8(ascii: "\n") }
            pending += line
            rest = rest.dropFirst(line.count)
            if pending.count > maximumLength {
                lines.append(cut())
            } else if !rest.isEmpty {
                rest = rest.dropFirst()
                lines.append(pending)
                pending = []
            }
        }
        return lines
    }

    /// The line that has no line feed: one, or none if the input ended with its last line.
    package mutating func finish() -> [[UInt8]] {
        defer { pending = [] }
        return pending.isEmpty ? [] : [pending]
    }

    /// Takes away as much as fits into a line.
    private mutating func cut() -> [UInt8] {
        var end = maximumLength
        // A character has at most three bytes after its first.
        while end > maximumLength - 3 && pending[end] & 0xC0 == 0x80 { end -= 1 }
        if pending[end] & 0xC0 == 0x80 { end = maximumLength }
        defer { pending.removeFirst(end) }
        return Array(pending[..<end])
    }
}

/// Reads the lines that open a commit or a tag: "key value", until the empty line before the message.
struct HeaderReader {
    private(set) var rest: UnsafeBufferPointer<UInt8>.SubSequence

    init(_ bytes: UnsafeBufferPointer<UInt8>) { rest = bytes[...] }

    /// The value of the next line if its key is `key`, and moves past the line; nil if it has another key or does
    /// not end in a line feed.
    mutating func value(of key: StaticString) -> UnsafeBufferPointer<UInt8>.SubSequence? {
        let length = key.utf8CodeUnitCount
        let prefix = UnsafeBufferPointer(start: key.utf8Start, count: length)
        guard rest.count > length, rest.starts(with: prefix), rest[rest.startIndex + length] == UInt8(ascii: " "),
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[(rest.startIndex + length + 1)..<end]
    }

    /// Like `value(of:)`, for a line whose value is an object ID.
    mutating func key(of key: StaticString) -> ObjectKey? {
        let before = rest
        guard let value = value(of: key), let id = ObjectKey(hex: value) else {
            rest = before
            return nil
        }
        return id
    }

    /// Moves past the other header lines and the empty line after them: what is left is the message.
    mutating func skipToMessage() {
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let isEmpty = end == rest.startIndex
            rest = rest[(end + 1)...]
            if isEmpty { return }
        }
        rest = rest[rest.endIndex...]
    }
}

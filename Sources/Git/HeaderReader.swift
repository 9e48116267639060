import Glibc

/// Reads the lines that open a commit or a tag: "key value", until the empty line before the message.
struct HeaderReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// What has not been read.
    var rest: UnsafeBufferPointer<UInt8>.SubSequence { bytes[position...] }

    /// The value of the next line if its key is `key`, and moves past the line; nil if it has another key or does
    /// not end in a line feed.
    mutating func value(of key: StaticString) -> UnsafeBufferPointer<UInt8>.SubSequence? {
        guard let value = line(key) else { return nil }
        return bytes[value]
    }

    /// Like `value(of:)`, for a line whose value is an object ID.
    mutating func key(of key: StaticString) -> ObjectKey? {
        let before = position
        guard let value = line(key), value.count == 40, let id = Self.key(bytes.baseAddress! + value.lowerBound) else {
            position = before
            return nil
        }
        return id
    }

    /// Whether the next line has that key.
    func isAt(_ key: StaticString) -> Bool {
        let length = key.utf8CodeUnitCount
        return bytes.count - position > length && bytes[position + length] == UInt8(ascii: " ")
            && memcmp(bytes.baseAddress! + position, key.utf8Start, length) == 0
    }

    /// Throws unless all header lines end in a line feed and hold no NUL (git's `verify_headers`).
    func requireEnd(_ operation: String) throws(GitError) {
        var last: UInt8 = 0
        for index in position..<bytes.count {
            let byte = bytes[index]
            if byte == 0 { throw GitError(operation: operation, reason: "its header holds a NUL") }
            if byte == UInt8(ascii: "\n") && last == byte { return }
            last = byte
        }
        guard last == UInt8(ascii: "\n") else {
            throw GitError(operation: operation, reason: "its header is not terminated")
        }
    }

    /// Moves past the other header lines and the empty line after them: what is left is the message.
    mutating func skipToMessage() {
        while let end = lineEnd() {
            let isEmpty = end == position
            position = end + 1
            if isEmpty { return }
        }
        position = bytes.count
    }

    /// Where the value of the next line is if its key is `key`; moves past the line.
    private mutating func line(_ key: StaticString) -> Range<Int>? {
        guard isAt(key), let end = lineEnd() else { return nil }
        defer { position = end + 1 }
        return position + key.utf8CodeUnitCount + 1..<end
    }

    private func lineEnd() -> Int? {
        guard position < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + position, Int32(UInt8(ascii: "\n")), bytes.count - position).map {
            UnsafeRawPointer($0) - UnsafeRawPointer(base)
        }
    }

    /// The ID in the 40 hexadecimal digits at `digits`.
    private static func key(_ digits: UnsafePointer<UInt8>) -> ObjectKey? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { bytes in
            for index in 0..<20 {
                guard let high = value(digits[2 * index]), let low = value(digits[2 * index + 1]) else { return nil }
                bytes[index] = high << 4 | low
            }
            return ObjectKey(bytes.baseAddress!)
        }
    }

    @inline(__always)
    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

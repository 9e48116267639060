/// One entry of a tree, as it is written there: nothing about it has been judged.
struct TreeEntry {
    /// What a look at all bytes of a name has shown.
    struct NameMarks: OptionSet {
        let rawValue: UInt8

        static let slash = NameMarks(rawValue: 1)
        static let backslash = NameMarks(rawValue: 2)
        /// A byte beyond ASCII.
        static let high = NameMarks(rawValue: 4)
    }

    /// The mode, of which nothing but digits is promised.
    let mode: UInt32
    /// The name; valid only as long as the tree's bytes.
    let name: UnsafeBufferPointer<UInt8>
    let marks: NameMarks
    let key: ObjectKey

    /// A folder (040000).
    var isTree: Bool { mode & 0o170000 == 0o040000 }
    /// A submodule: a commit of another repository (160000).
    var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
    /// A symbolic link (120000).
    var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }
}

/// Reads the entries of a tree one after the other: mode, space, name, NUL, 20 bytes of object ID.
struct TreeReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next entry; nil at the end of the tree. Throws when the bytes are not an entry.
    @inline(__always)
    mutating func next() throws(GitError) -> TreeEntry? {
        guard position < bytes.count else { return nil }
        let base = bytes.baseAddress!
        let mode = try readMode(base)
        let start = position
        let marks = try skipName(base)
        let name = UnsafeBufferPointer(start: base + start, count: position - start)
        guard bytes.count - position > 20 else { throw Self.malformed }
        let key = ObjectKey(base + position + 1)
        position += 21
        return TreeEntry(mode: mode, name: name, marks: marks, key: key)
    }

    @inline(__always)
    private mutating func readMode(_ base: UnsafePointer<UInt8>) throws(GitError) -> UInt32 {
        if bytes.count - position >= 8 {
            // "100644 ", "40000 ", "100755 "
            let word = UInt64(littleEndian: Self.load(base + position))
            if word & 0xff_ffff_ffff_ffff == 0x20_3434_3630_3031 {
                position += 7
                return 0o100644
            }
            if word & 0xffff_ffff_ffff == 0x2030_3030_3034 {
                position += 6
                return 0o040000
            }
            if word & 0xff_ffff_ffff_ffff == 0x20_3535_3730_3031 {
                position += 7
                return 0o100755
            }
        }
        return try readAnyMode()
    }

    private mutating func readAnyMode() throws(GitError) -> UInt32 {
        var mode: UInt32 = 0
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: " ") {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 8, position - start < 8 else { throw Self.malformed }
            mode = mode << 3 | UInt32(digit)
            position += 1
        }
        guard position > start, position < bytes.count else { throw Self.malformed }
        position += 1
        return mode
    }

    /// Moves to the NUL behind a name, eight bytes at a time: behind the name are at least as many bytes of ID.
    @inline(__always)
    private mutating func skipName(_ base: UnsafePointer<UInt8>) throws(GitError) -> TreeEntry.NameMarks {
        var marks: TreeEntry.NameMarks = []
        while bytes.count - position >= 8 {
            let word = UInt64(littleEndian: Self.load(base + position))
            let end = Self.bytes(of: word, equalTo: 0)
            let inside = end == 0 ? UInt64.max : (end & (0 &- end)) &- 1
            if Self.bytes(of: word, equalTo: UInt8(ascii: "/")) & inside != 0 { marks.insert(.slash) }
            if Self.bytes(of: word, equalTo: UInt8(ascii: "\\")) & inside != 0 { marks.insert(.backslash) }
            if word & 0x8080_8080_8080_8080 & inside != 0 { marks.insert(.high) }
            if end != 0 {
                position += end.trailingZeroBitCount / 8
                return marks
            }
            position += 8
        }
        throw Self.malformed
    }

    @inline(__always)
    private static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)
    }

    /// The top bit of each byte of `word` that is `byte`; bits above the lowest one set mean nothing.
    @inline(__always)
    private static func bytes(of word: UInt64, equalTo byte: UInt8) -> UInt64 {
        let difference = word ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    private static var malformed: GitError { GitError(operation: "read tree", reason: "malformed entry") }
}

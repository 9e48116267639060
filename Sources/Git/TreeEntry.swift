/// One entry of a tree, as it is written there: nothing about it has been judged.
struct TreeEntry {
    /// The mode, of which nothing but digits is promised.
    let mode: UInt32
    /// The name; valid only as long as the tree's bytes.
    let name: UnsafeBufferPointer<UInt8>
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
    mutating func next() throws(GitError) -> TreeEntry? {
        guard position < bytes.count else { return nil }
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
        let nameStart = position
        while position < bytes.count, bytes[position] != 0 { position += 1 }
        guard position + 20 < bytes.count else { throw Self.malformed }
        defer { position += 21 }
        return TreeEntry(
            mode: mode, name: UnsafeBufferPointer(rebasing: bytes[nameStart..<position]),
            key: ObjectKey(bytes.baseAddress! + position + 1))
    }

    private static let malformed = GitError(operation: "read tree", reason: "malformed entry")
}

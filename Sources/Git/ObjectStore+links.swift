/// What a commit points to, and when it was made.
struct CommitLinks {
    let tree: ObjectKey
    let parents: [ObjectKey]
    /// The committer's time in seconds since 1970; 0 where there is none.
    let time: Int64
}

extension ObjectStore {
    /// The links of a commit.
    ///
    /// - Throws: when the object is no commit or malformed.
    func links(of commit: ObjectNumber) throws(GitError) -> CommitLinks {
        let object = try object(commit)
        guard object.kind == .commit, let links = object.withBytes({ CommitLinks($0) }) else {
            throw GitError(
                operation: "read commit '\(key(of: commit).id)'",
                reason: object.kind == .commit ? "it is malformed" : "it is a \(object.kind)")
        }
        return links
    }

    /// What an annotated tag points to.
    ///
    /// - Throws: when the object is no tag or malformed.
    func tagTarget(_ tag: ObjectNumber) throws(GitError) -> ObjectKey {
        try object(tag).withBytes { bytes throws(GitError) in try TagHeader(bytes).target }
    }
}

extension CommitLinks {
    /// Reads the header lines of a commit; nil without a tree line to begin with.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var position = 0
        guard let tree = Self.key("tree ", bytes, &position) else { return nil }
        var parents: [ObjectKey] = []
        while let parent = Self.key("parent ", bytes, &position) { parents.append(parent) }
        self.tree = tree
        self.parents = parents
        time = Self.time(bytes, position)
    }

    /// The ID on the line at `position` if it begins with `word`, and moves past the line.
    @inline(__always)
    private static func key(
        _ word: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) -> ObjectKey? {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position > length + 40, bytes[position + length + 40] == UInt8(ascii: "\n") else {
            return nil
        }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] { return nil }
        let key = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { id -> ObjectKey? in
            var wrong: UInt8 = 0
            for index in 0..<20 {
                let digits = position + length + index * 2
                let (high, low) = (digit(bytes[digits]), digit(bytes[digits + 1]))
                wrong |= high | low
                id[index] = high << 4 | low & 15
            }
            return wrong & 0xf0 == 0 ? ObjectKey(UnsafePointer(id.baseAddress!)) : nil
        }
        if key != nil { position += length + 41 }
        return key
    }

    /// The value of a lower-case hexadecimal digit; 255 for anything else.
    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8 {
        let number = byte &- UInt8(ascii: "0")
        let letter = byte &- UInt8(ascii: "a")
        return number < 10 ? number : letter < 6 ? letter + 10 : 255
    }

    /// The number after the last ">" of the committer line, which follows that of the author.
    private static func time(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int64 {
        var lines = bytes[start...].split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
            .prefix(2)
        guard let line = lines.popLast(), line.starts(with: "committer ".utf8),
            let end = line.lastIndex(of: UInt8(ascii: ">"))
        else { return 0 }
        var time: Int64 = 0
        for byte in line[(end + 1)...].drop(while: { $0 == UInt8(ascii: " ") }) {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10, time < 1 << 55 else { break }
            time = time * 10 + Int64(digit)
        }
        return time
    }
}

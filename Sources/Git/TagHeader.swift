/// What an annotated tag points to.
struct TagHeader {
    let target: ObjectKey
    let kind: ObjectKind

    /// Reads the header lines in git's fixed order; throws what is wrong with them.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        try self.init(&reader)
    }

    /// As above; leaves `reader` after the line with the tag's name.
    init(_ reader: inout HeaderReader) throws(GitError) {
        guard let target = reader.key(of: "object") else { throw Self.refusal("it has no valid object line") }
        guard let kind = reader.value(of: "type").flatMap({ ObjectKind(name: $0) }) else {
            throw Self.refusal("it has no valid type line")
        }
        guard let name = reader.value(of: "tag"), !name.isEmpty else {
            throw Self.refusal("it has no valid tag line")
        }
        self.target = target
        self.kind = kind
    }

    /// Judges a new tag the way `git fsck` does. A tagger may be missing, as in the oldest tags.
    init(validating bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        try reader.requireEnd("read tag")
        try self.init(&reader)
        guard reader.isAt("tagger"), let line = reader.value(of: "tagger") else { return }
        if let flaw = PersonLine.flaw(in: line) { throw Self.refusal("it has no valid tagger line (\(flaw))") }
    }

    private static func refusal(_ reason: String) -> GitError { GitError(operation: "read tag", reason: reason) }
}

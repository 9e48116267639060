/// What an annotated tag points to.
struct TagHeader {
    let target: ObjectKey
    let kind: ObjectKind

    /// Reads the header lines in git's fixed order; throws what is wrong with them. A tagger may be missing, as in
    /// the oldest tags.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        guard let target = reader.key(of: "object") else { throw Self.refusal("it has no valid object line") }
        guard let kind = reader.value(of: "type").flatMap({ ObjectKind(name: $0) }) else {
            throw Self.refusal("it has no valid type line")
        }
        guard let name = reader.value(of: "tag"), !name.isEmpty else {
            throw Self.refusal("it has no valid tag line")
        }
        let rest = reader.rest
        if rest.starts(with: "tagger ".utf8), reader.value(of: "tagger").flatMap({ Signature($0) }) == nil {
            throw Self.refusal("it has no valid tagger line")
        }
        self.target = target
        self.kind = kind
    }

    private static func refusal(_ reason: String) -> GitError { GitError(operation: "read tag", reason: reason) }
}

/// The full name of a reference, such as `refs/heads/main`, that passed `git check-ref-format`.
///
/// Stricter than git: it starts with `refs/`, is valid UTF-8, has at most 1024 bytes, and at most 200 bytes in
/// each component (which leaves room for `.lock` in a file name). Names are equal, ordered and hashed by their
/// bytes: git keeps `é` composed and decomposed as two references, which `String` would call one.
package struct ReferenceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The full name, from `refs/` on.
    package let text: String

    /// The most bytes in a name.
    package static let maximumLength = 1024
    /// The most bytes between two slashes of a name.
    package static let maximumComponentLength = 200

    /// The reference name in `text`; nil if it breaks a rule.
    package init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8))
    }

    /// The reference name in `bytes`; nil if it breaks a rule or is not UTF-8.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.maximumLength, let text = String(validating: bytes, as: UTF8.self),
            text.utf8.starts(with: "refs/".utf8), Self.isWellFormed(Array(bytes))
        else { return nil }
        self.text = text
    }

    /// `refs/heads/` followed by `name`; nil if that breaks a rule.
    package static func branch(_ name: some StringProtocol) -> ReferenceName? {
        ReferenceName("refs/heads/" + name)
    }

    package var description: String { text }

    /// Whether this is a branch: below `refs/heads/`.
    package var isBranch: Bool { text.utf8.starts(with: "refs/heads/".utf8) }

    /// Whether this is a tag: below `refs/tags/`.
    package var isTag: Bool { text.utf8.starts(with: "refs/tags/".utf8) }

    /// The name of the branch, `main` for `refs/heads/main`; nil if this is no branch.
    package var branchName: String? {
        isBranch ? String(decoding: text.utf8.dropFirst("refs/heads/".utf8.count), as: UTF8.self) : nil
    }

    /// Whether clients neither see nor change it: `refs/martlet` and all below.
    package var isHidden: Bool { Self.isPrefix("refs/martlet", of: text) }

    /// How many components the name has: 3 for `refs/heads/main`. A reference to create needs 3;
    /// one to delete may have 2 (`git-receive-pack`, "funny refname").
    package var componentCount: Int { text.utf8.count { $0 == slash } + 1 }

    /// Whether both cannot exist together because one is a folder in the path of the other, as
    /// `refs/heads/a` and `refs/heads/a/b`; false if they are the same.
    package func conflicts(with other: ReferenceName) -> Bool {
        self != other && (Self.isPrefix(text, of: other.text) || Self.isPrefix(other.text, of: text))
    }

    package static func == (one: ReferenceName, other: ReferenceName) -> Bool {
        one.text.utf8.elementsEqual(other.text.utf8)
    }

    package static func < (one: ReferenceName, other: ReferenceName) -> Bool {
        one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Whether `folder` is `path`, or a folder in it.
    private static func isPrefix(_ folder: String, of path: String) -> Bool {
        guard path.utf8.starts(with: folder.utf8) else { return false }
        let rest = path.utf8.dropFirst(folder.utf8.count)
        return rest.isEmpty || rest.first == slash
    }

    /// The rules of `git-check-ref-format` on a full name.
    private static func isWellFormed(_ name: [UInt8]) -> Bool {
        let components = name.split(separator: slash, omittingEmptySubsequences: false)
        return components.count >= 2 && name.last != dot && components.allSatisfy(isWellFormedComponent)
    }

    private static func isWellFormedComponent(_ component: ArraySlice<UInt8>) -> Bool {
        guard !component.isEmpty, component.count <= maximumComponentLength, component.first != dot,
            !component.reversed().starts(with: ".lock".utf8.reversed())
        else { return false }
        var previous: UInt8 = 0
        for byte in component {
            if isForbidden(byte) { return false }
            if previous == dot && byte == dot { return false }
            if previous == UInt8(ascii: "@") && byte == UInt8(ascii: "{") { return false }
            previous = byte
        }
        return true
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "~^:?*[\\".utf8.contains(byte)
    }
}

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")

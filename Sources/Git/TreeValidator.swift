import Glibc

/// Judges the entries of one new tree the way `git fsck --strict` does: names, modes, order, duplicates.
///
/// A mode with leading zeros is let through, as real histories have it and it can do no harm.
struct TreeValidator {
    private var previous: TreeEntry?
    /// Files that a folder of the same name may still follow: "a", "a.b" and "a/" are in order.
    private var files: [UnsafeBufferPointer<UInt8>] = []

    /// Throws what is wrong with the tree `bytes`.
    static func validate(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = TreeReader(bytes)
        var validator = TreeValidator()
        while let entry = try reader.next() { try validator.take(entry) }
    }

    /// Throws if an entry's name or mode must not be in a tree, whatever the other entries are.
    static func validate(_ entry: TreeEntry) throws(GitError) {
        guard !entry.name.isEmpty else { throw refusal(entry, "an entry has no name") }
        guard !entry.name.contains(UInt8(ascii: "/")) else { throw refusal(entry, "its name holds a '/'") }
        guard !isDots(entry.name), !DotGit.matches(entry.name) else {
            throw refusal(entry, "a file of this name is not allowed")
        }
        guard [0o100644, 0o100755, 0o100664, 0o120000, 0o160000, 0o040000].contains(entry.mode) else {
            throw refusal(entry, "its mode \(String(entry.mode, radix: 8)) is not valid")
        }
        guard !entry.key.isZero else { throw refusal(entry, "it points to the null object ID") }
        if entry.isSymbolicLink && DotGit.matchesModules(entry.name) {
            throw refusal(entry, "'.gitmodules' is a symbolic link")
        }
    }

    private mutating func take(_ entry: TreeEntry) throws(GitError) {
        try Self.validate(entry)
        if let previous {
            let order = Self.compare(previous, entry)
            guard order != 0 else { throw Self.refusal(entry, "it is there twice") }
            guard order < 0 else { throw Self.refusal(entry, "the tree is not sorted") }
        }
        while let file = files.last, !entry.name.starts(with: file) { files.removeLast() }
        if let file = files.last, file.count == entry.name.count { throw Self.refusal(entry, "it is there twice") }
        if !entry.isTree { files.append(entry.name) }
        previous = entry
    }

    private static func isDots(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
    }

    /// git's `base_name_compare`: bytes, a folder as if its name ended in "/".
    private static func compare(_ one: TreeEntry, _ other: TreeEntry) -> Int {
        let common = min(one.name.count, other.name.count)
        let order = memcmp(one.name.baseAddress!, other.name.baseAddress!, common)
        if order != 0 { return Int(order) }
        return Int(end(of: one, after: common)) - Int(end(of: other, after: common))
    }

    private static func end(of entry: TreeEntry, after common: Int) -> UInt8 {
        common < entry.name.count ? entry.name[common] : entry.isTree ? UInt8(ascii: "/") : 0
    }

    private static func refusal(_ entry: TreeEntry, _ reason: String) -> GitError {
        GitError(operation: "tree entry '\(printable(entry.name))'", reason: reason)
    }
}

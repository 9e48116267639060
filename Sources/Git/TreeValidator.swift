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
        while let entry = try reader.next() { _ = try validator.take(entry) }
    }

    /// Throws if an entry's name or mode must not be in a tree, whatever the other entries are. What is returned
    /// says whether its content needs to be judged too.
    @inline(__always)
    @discardableResult
    static func validate(_ entry: TreeEntry) throws(GitError) -> LinkSet.Uses {
        guard !entry.name.isEmpty else { throw refusal(entry, "an entry has no name") }
        guard !entry.marks.contains(.slash) else { throw refusal(entry, "its name holds a '/'") }
        let special = DotGit.mayMatch(entry) ? try judge(entry) : []
        switch entry.mode {
        case 0o100644, 0o040000, 0o100755, 0o120000, 0o160000, 0o100664: break
        default: throw refusal(entry, "its mode \(String(entry.mode, radix: 8)) is not valid")
        }
        guard !entry.key.isZero else { throw refusal(entry, "it points to the null object ID") }
        return special
    }

    /// Judges a name that may be git's own.
    private static func judge(_ entry: TreeEntry) throws(GitError) -> LinkSet.Uses {
        guard !isDots(entry.name), !DotGit.matches(entry.name) else {
            throw refusal(entry, "a file of this name is not allowed")
        }
        if DotGit.matchesModules(entry.name) {
            guard !entry.isSymbolicLink else { throw refusal(entry, "'.gitmodules' is a symbolic link") }
            guard !entry.isTree, !entry.isSubmodule else { throw refusal(entry, "'.gitmodules' is not a file") }
            return .modules
        }
        if DotGit.matchesAttributes(entry.name) {
            guard !entry.isTree, !entry.isSubmodule else { throw refusal(entry, "'.gitattributes' is not a file") }
            return entry.isSymbolicLink ? [] : .attributes
        }
        return []
    }

    /// Judges the next entry, also beside those before; returns what `validate` does.
    @inline(__always)
    mutating func take(_ entry: TreeEntry) throws(GitError) -> LinkSet.Uses {
        let special = try Self.validate(entry)
        if let previous {
            let order = Self.compare(previous, entry)
            guard order != 0 else { throw Self.refusal(entry, "it is there twice") }
            guard order < 0 else { throw Self.refusal(entry, "the tree is not sorted") }
            if !files.isEmpty || previous.name.count <= entry.name.count { try checkFiles(entry, after: previous) }
        }
        previous = entry
        return special
    }

    @inline(__always)
    private mutating func checkFiles(_ entry: TreeEntry, after previous: TreeEntry) throws(GitError) {
        if !previous.isTree, Self.begins(entry.name, with: previous.name) { files.append(previous.name) }
        if files.isEmpty { return }
        while let file = files.last, !Self.begins(entry.name, with: file) { files.removeLast() }
        if let file = files.last, file.count == entry.name.count { throw Self.refusal(entry, "it is there twice") }
    }

    @inline(__always)
    private static func begins(_ name: UnsafeBufferPointer<UInt8>, with start: UnsafeBufferPointer<UInt8>) -> Bool {
        // The last byte is the most likely to differ between neighbours.
        name.count >= start.count && name[start.count - 1] == start[start.count - 1]
            && memcmp(name.baseAddress!, start.baseAddress!, start.count) == 0
    }

    private static func isDots(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
    }

    /// git's `base_name_compare`: bytes, a folder as if its name ended in "/".
    @inline(__always)
    private static func compare(_ one: TreeEntry, _ other: TreeEntry) -> Int {
        let common = min(one.name.count, other.name.count)
        // Both names are followed by a NUL and 20 bytes of ID.
        let first = UInt64(bigEndian: UnsafeRawPointer(one.name.baseAddress!).loadUnaligned(as: UInt64.self))
        let second = UInt64(bigEndian: UnsafeRawPointer(other.name.baseAddress!).loadUnaligned(as: UInt64.self))
        if common >= 8 {
            if first != second { return first < second ? -1 : 1 }
        } else {
            let shift = UInt64(64 - 8 * common)
            if first >> shift != second >> shift { return first >> shift < second >> shift ? -1 : 1 }
        }
        let order = common > 8 ? memcmp(one.name.baseAddress! + 8, other.name.baseAddress! + 8, common - 8) : 0
        if order != 0 { return Int(order) }
        return Int(end(of: one, after: common)) - Int(end(of: other, after: common))
    }

    @inline(__always)
    private static func end(of entry: TreeEntry, after common: Int) -> UInt8 {
        common < entry.name.count ? entry.name[common] : entry.isTree ? UInt8(ascii: "/") : 0
    }

    private static func refusal(_ entry: TreeEntry, _ reason: String) -> GitError {
        GitError(operation: "tree entry '\(printable(entry.name))'", reason: reason)
    }
}

/// Names that some file system takes for `.git`, `.gitmodules` or `.gitattributes` though they are written differently
/// (git's `is_ntfs_dotgit`, `is_hfs_dotgit`): in a tree they are an attack on whoever checks it out.
enum DotGit {
    /// Whether `name` is `.git` on any file system.
    static func matches(_ name: some Collection<UInt8>) -> Bool {
        let name = Array(name)
        return isApple(name, ".git")
            || name.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
                .contains { isWindows($0, ".git") || isWindows($0, "git~1") }
    }

    /// Whether `name` is `.gitmodules` on any file system.
    static func matchesModules(_ name: some Collection<UInt8>) -> Bool {
        let name = Array(name)
        return isApple(name, ".gitmodules") || isWindows(name[...], ".gitmodules")
            || isShort(name, "gitmod", hashed: "gi7eba")
    }

    /// Whether `name` is `.gitattributes` on any file system.
    static func matchesAttributes(_ name: some Collection<UInt8>) -> Bool {
        let name = Array(name)
        return isApple(name, ".gitattributes") || isWindows(name[...], ".gitattributes")
            || isShort(name, "gitatt", hashed: "gi7d29")
    }

    /// A quick way out for nearly every name: whether it may be one of the above, or "." or "..".
    @inline(__always)
    static func mayMatch(_ entry: TreeEntry) -> Bool {
        if entry.marks.contains(.backslash) { return true }
        let name = entry.name
        let first = name[0]
        if first == UInt8(ascii: ".") { return mayMatchDot(entry) }
        if first | 0x20 == UInt8(ascii: "g") { return name.prefix(8).contains(UInt8(ascii: "~")) }
        return first >= 0x80
    }

    private static func mayMatchDot(_ entry: TreeEntry) -> Bool {
        let name = entry.name
        if name.count <= 2 || entry.marks.contains(.high) { return true }
        guard name.count >= 4, name[1] | 0x20 == UInt8(ascii: "g"), name[2] | 0x20 == UInt8(ascii: "i"),
            name[3] | 0x20 == UInt8(ascii: "t")
        else { return false }
        if name.count == 4 { return true }
        switch name[4] | 0x20 {
        // `.git` with something that NTFS ignores (" " stands for a NUL too, "." and ":" have that bit), `.gitmodules`,
        // `.gitattributes`.
        case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "m"), UInt8(ascii: "a"): return true
        default: return false
        }
    }

    /// NTFS ignores case and trailing spaces and dots, and takes what follows ":" for a stream of the file.
    private static func isWindows(_ name: ArraySlice<UInt8>, _ target: String) -> Bool {
        guard name.count >= target.utf8.count, lowered(name.prefix(target.utf8.count)) == Array(target.utf8) else {
            return false
        }
        for byte in name.dropFirst(target.utf8.count) {
            if byte == UInt8(ascii: ":") { return true }
            guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: ".") else { return false }
        }
        return true
    }

    /// The 8.3 names that NTFS gives a long one: six letters of it and "~1" to "~4", then letters that begin with a
    /// hash, "~" and a number.
    private static func isShort(_ name: [UInt8], _ plain: String, hashed: String) -> Bool {
        let short = lowered(name.prefix(8))
        guard short.count == 8 else { return false }
        let text = String(decoding: short, as: UTF8.self)
        let isShort = (1...4).contains { text == "\(plain)~\($0)" } || isHashed(short, hashed)
        return isShort && isWindows(name[...], text)
    }

    /// Whether `short` is a beginning of `hashed`, "~" and a number.
    private static func isHashed(_ short: [UInt8], _ hashed: String) -> Bool {
        guard let tilde = short.firstIndex(of: UInt8(ascii: "~")), tilde < 7 else { return false }
        let number = short[(tilde + 1)...]
        return hashed.utf8.starts(with: short[..<tilde]) && number.first != UInt8(ascii: "0")
            && number.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// HFS+ ignores case and some invisible code points wherever they stand.
    private static func isApple(_ name: [UInt8], _ target: String) -> Bool {
        let visible = String(decoding: name, as: UTF8.self).unicodeScalars.filter { !isInvisible($0.value) }
        guard visible.count == target.utf8.count else { return false }
        return zip(visible, target.unicodeScalars).allSatisfy { scalar, wanted in
            scalar == wanted || scalar.properties.lowercaseMapping == String(wanted)
        }
    }

    private static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x200c...0x200f, 0x202a...0x202e, 0x206a...0x206f, 0xfeff: true
        default: false
        }
    }

    private static func lowered(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
    }
}

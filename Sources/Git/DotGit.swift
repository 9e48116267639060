/// Names that some file system takes for `.git` or `.gitmodules` though they are written differently
/// (git's `is_ntfs_dotgit`, `is_hfs_dotgit`): in a tree they are an attack on whoever checks it out.
enum DotGit {
    /// Whether `name` is `.git` on any file system.
    static func matches(_ name: some Collection<UInt8>) -> Bool {
        guard mayMatch(name) else { return false }
        let name = Array(name)
        return isApple(name, ".git")
            || name.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
                .contains { isWindows($0, ".git") || isWindows($0, "git~1") }
    }

    /// Whether `name` is `.gitmodules` on any file system.
    static func matchesModules(_ name: some Collection<UInt8>) -> Bool {
        guard mayMatch(name) else { return false }
        let name = Array(name)
        return isApple(name, ".gitmodules") || isWindows(name[...], ".gitmodules") || isShortModules(name)
    }

    /// A quick way out for nearly every name: each disguise begins so.
    private static func mayMatch(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first else { return false }
        return first == UInt8(ascii: ".") || first | 0x20 == UInt8(ascii: "g") || first >= 0x80
            || name.contains(UInt8(ascii: "\\"))
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

    /// The 8.3 names that NTFS gives `.gitmodules`: `gitmod~1` to `gitmod~4`, then `gi7eba~1` and so on.
    private static func isShortModules(_ name: [UInt8]) -> Bool {
        let short = lowered(name.prefix(8))
        guard short.count == 8 else { return false }
        let text = String(decoding: short, as: UTF8.self)
        let isShort = ["gitmod~1", "gitmod~2", "gitmod~3", "gitmod~4"].contains(text) || isHashedModules(short)
        return isShort && isWindows(name[...], text)
    }

    /// Whether `short` is a beginning of "gi7eba", "~" and a number.
    private static func isHashedModules(_ short: [UInt8]) -> Bool {
        guard let tilde = short.firstIndex(of: UInt8(ascii: "~")), tilde < 7 else { return false }
        let number = short[(tilde + 1)...]
        return "gi7eba".utf8.starts(with: short[..<tilde]) && number.first != UInt8(ascii: "0")
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

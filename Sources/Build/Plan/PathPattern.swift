/// A pattern of paths, as a line of `.gitignore` has it (`gitignore(5)`): `*.md`, `shared/`, `services/api/**`,
/// `/Makefile`, `!docs/api.md`.
///
/// A pattern that matches a folder matches all that is in it. With a slash at its beginning or in its middle it is a
/// path from the top, otherwise it matches in every folder.
package struct PathPattern: Sendable, Equatable {
    /// Whether it takes away from what the patterns before it match.
    package let isNegated: Bool
    private let isFolder: Bool
    private let parts: [[UInt8]]

    /// Nil for a text that is no pattern: an empty one, or `!` or `/` alone.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        isNegated = bytes.first == UInt8(ascii: "!")
        if isNegated { bytes = bytes.dropFirst() }
        isFolder = bytes.last == UInt8(ascii: "/")
        let slash = UInt8(ascii: "/")
        let isAnchored = bytes.dropLast().contains(slash)
        var parts = bytes.split(separator: slash).map(Array.init)
        if parts.first == Self.current { parts.removeFirst() }
        guard !parts.isEmpty else { return nil }
        if !isAnchored { parts.insert(Self.anything, at: 0) }
        // What is in a folder, not the folder itself.
        if parts.last == Self.anything { parts.insert([UInt8(ascii: "*")], at: parts.count - 1) }
        self.parts = parts
    }

    /// Whether it matches the file at `path`, or a folder that the file is in; a negated one too.
    package func matches(_ path: String) -> Bool {
        let names = Self.names(path)
        let last = isFolder ? names.count - 1 : names.count
        return last > 0 && (1...last).contains { matches(names[..<$0]) }
    }

    /// Whether it matches what is at `path` for itself, not for a folder that it is in; a negated one too.
    func matchesItself(_ path: String, isFolder: Bool) -> Bool {
        (isFolder || !self.isFolder) && matches(Self.names(path)[...])
    }

    /// Whether the last of `patterns` that matches `path` is one that is not negated.
    package static func match(_ patterns: [PathPattern], _ path: String) -> Bool {
        patterns.last { $0.matches(path) }.map { !$0.isNegated } ?? false
    }

    private static func names(_ path: String) -> [[UInt8]] {
        path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    /// Matches from left to right, and goes back to the last `**` only: never more steps than names times parts.
    private func matches(_ names: ArraySlice<[UInt8]>) -> Bool {
        var (name, part) = (names.startIndex, 0)
        var retry: (name: Int, part: Int)?
        while name < names.endIndex {
            if part < parts.count, parts[part] == Self.anything {
                retry = (name, part)
                part += 1
            } else if part < parts.count, NamePattern.matches(parts[part], names[name]) {
                name += 1
                part += 1
            } else if let last = retry {
                retry = (last.name + 1, last.part)
                name = last.name + 1
                part = last.part + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == Self.anything }
    }

    private static let anything = Array("**".utf8)
    private static let current = Array(".".utf8)
}

/// What volumes may be called, and where they may be.
enum VolumeRules {
    /// Folders that belong to the system, with what is below them.
    private static let reserved = ["/proc", "/sys", "/dev"]

    /// - Throws: `Refusal` unless it is 1–30 of `[a-z0-9-]`.
    static func name(_ text: String) throws(Refusal) -> String {
        guard (1...30).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isLowerCaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") }),
            !text.hasPrefix("-")
        else {
            throw Refusal(
                "'\(String(text.prefix(60)).escaped)' is not a volume's name: use 1-30 lower-case letters, digits and '-'",
                exitStatus: 2)
        }
        return text
    }

    /// The path without slashes at its end.
    ///
    /// - Throws: `Refusal` for one that is not absolute, leaves its folder, has characters that engines give a meaning,
    ///   or is the system's.
    static func path(_ text: String) throws(Refusal) -> String {
        var text = text
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        let shown = String(text.prefix(60)).escaped
        guard text.hasPrefix("/"), text.utf8.count <= 200, text.utf8.allSatisfy(isPlain) else {
            throw Refusal(
                "'\(shown)' is not a volume's path: write an absolute one of letters, digits and '._-/', such as '/data'",
                exitStatus: 2)
        }
        guard text != "/" else {
            throw Refusal("a volume cannot be '/': name a folder, such as '/data'", exitStatus: 2)
        }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw Refusal("'\(shown)' has an empty part, '.' or '..'; write the path that is meant", exitStatus: 2)
        }
        guard !reserved.contains(where: { text == $0 || text.hasPrefix($0 + "/") }) else {
            throw Refusal("'\(shown)' belongs to the system; choose another path, such as '/data'", exitStatus: 2)
        }
        return text
    }

    /// - Throws: `Refusal` when the app has such a volume already, or too many.
    static func check(_ volume: Volume, beside present: [Volume], of app: App) throws(Refusal) {
        guard !present.contains(where: { $0.name == volume.name }) else {
            throw Refusal("app '\(app.name)' has a volume '\(volume.name)' already; choose another name")
        }
        if let other = present.first(where: { $0.path == volume.path }) {
            throw Refusal("app '\(app.name)' has the volume '\(other.name)' at '\(volume.path)'; choose another path")
        }
        guard present.count < VolumeStore.limit else {
            throw Refusal("app '\(app.name)' has \(present.count) volumes, as many as it may; remove one first")
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || "._-/".utf8.contains(byte)
    }
}

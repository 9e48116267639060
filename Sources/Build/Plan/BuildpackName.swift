import Platform

/// How a buildpack is named: by the ID of one that comes with Martlet, such as `martlet/python` or
/// `martlet/python@1.0.0`, or by the path of a folder or an archive in the repository, such as `./buildpacks/mine`.
enum BuildpackName {
    private static let archives = [".tgz", ".tar.gz", ".tar", ".cnb"]
    /// Those of other systems for which Martlet has one of its own.
    private static let ours = [
        "nodejs": "node", "node": "node", "python": "python", "ruby": "ruby", "go": "go", "php": "php",
        "static": "static", "nginx": "static", "procfile": "procfile",
    ]

    /// What `BuildPlan` calls the buildpack named `text`: an ID, or a path below `context` that begins with `./`.
    ///
    /// - Parameters:
    ///   - folder: what a path is relative to, below the repository's top.
    ///   - context: the folder that is built.
    ///   - complain: makes an error of a text and a hint.
    static func read(
        _ text: String, folder: String, context: String, _ complain: (String, String?) -> BuildError
    ) throws(BuildError) -> String {
        let shown = Setting.shown(text)
        var name = text[...]
        for prefix in ["urn:cnb:builder:", "urn:cnb:registry:"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        if name.contains("://") || name.hasPrefix("git@") {
            throw complain(
                "'\(shown)' would have to be fetched, which Martlet does not do",
                "add the buildpack to the repository and name it by its path, such as './buildpacks/mine'")
        }
        if isPath(name) { return try path(String(name), folder, context, shown, complain) }
        guard isID(name) else {
            throw complain("'\(shown)' names no buildpack", "name one as in 'martlet/python' or './buildpacks/mine'")
        }
        return String(name)
    }

    /// Martlet's own buildpack that does what `text` does, an ID or address of Heroku's; nil when there is none.
    static func counterpart(_ text: String) -> String? {
        var name = text[...]
        for prefix in ["https://github.com/heroku/heroku-buildpack-", "heroku/", "urn:buildpack:heroku/"]
        where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
            for suffix in [".git", ".tgz"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
            return ours[String(name)].map { "martlet/\($0)" }
        }
        return nil
    }

    private static func isPath(_ text: Substring) -> Bool {
        text.hasPrefix(".") || text.hasPrefix("/") || archives.contains(where: text.hasSuffix)
    }

    private static func isID(_ text: Substring) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                (1...200).contains(part.count)
                    && part.allSatisfy { UInt8.isWord($0) || "./-+".utf8.contains($0) }
            }
    }

    private static func path(
        _ text: String, _ folder: String, _ context: String, _ shown: String,
        _ complain: (String, String?) -> BuildError
    ) throws(BuildError) -> String {
        let hint = "name a folder or an archive below \(context.isEmpty ? "the top" : "'\(context)'") of the repository"
        guard let path = SourceFolder.normalise(text).map({ SourceFolder.join(folder, $0) }), path != folder else {
            throw complain("'\(shown)' is no path in the repository", hint)
        }
        if context.isEmpty { return "./\(path)" }
        guard path.hasPrefix("\(context)/") else {
            throw complain("'\(shown)' is not in '\(context.escaped)', the folder that is built", hint)
        }
        return ".\(path.dropFirst(context.count))"
    }
}

extension UInt8 {
    /// Whether it is an ASCII letter, digit or underscore.
    static func isWord(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
    }
}

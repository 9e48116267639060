import GitWire

/// The forms that values of plans have: what is put into commands and files later on is judged here.
enum PlanValue {
    /// The name of an image, with its tag or digest.
    static func image(_ setting: Setting, example: String) throws(BuildError) -> String {
        let text = try setting.string(example: example)
        guard isImage(text) else { throw setting.misfit("the name of an image", example) }
        return text
    }

    static func isImage(_ text: String) -> Bool {
        (1...300).contains(text.utf8.count) && text.utf8.first.map(UInt8.isWord) == true
            && text.utf8.allSatisfy { UInt8.isWord($0) || ".-/:@+".utf8.contains($0) }
    }

    /// A path below the context, without `..`.
    static func path(_ setting: Setting, example: String) throws(BuildError) -> String {
        let text = try setting.string(example: example)
        guard let path = SourceFolder.normalise(text), !path.isEmpty else {
            throw setting.error(
                "'\(Setting.shown(text))' is no path below the folder that is built, as in '\(example)'")
        }
        return path
    }

    /// An absolute path of plain characters, without `..`: it becomes part of a Dockerfile.
    static func absolutePath(_ setting: Setting, example: String) throws(BuildError) -> String {
        let text = try setting.string(example: example)
        let parts = text.split(separator: "/")
        guard text.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), !parts.contains("."),
            text.utf8.allSatisfy({ UInt8.isWord($0) || "./-+@~".utf8.contains($0) })
        else { throw setting.misfit("absolute paths", example) }
        return "/" + parts.joined(separator: "/")
    }

    /// The folder of a site: below the app's folder in the image, or absolute.
    static func siteFolder(_ setting: Setting) throws(BuildError) -> String {
        let example = "folder: dist"
        let text = try setting.string(example: example)
        guard let path = SourceFolder.normalise(text.hasPrefix("/") ? String(text.dropFirst()) : text),
            !text.hasPrefix("//"), !(text.hasPrefix("/") && path.isEmpty)
        else { throw setting.misfit("a folder of the image without '..'", example) }
        if text.hasPrefix("/") { return "/\(path)" }
        return path.isEmpty ? "." : path
    }

    /// The path of a URL.
    static func urlPath(_ setting: Setting) throws(BuildError) -> String {
        let text = try setting.string(example: "health: /up")
        guard isURLPath(text) else { throw setting.misfit("a path", "health: /up") }
        return text
    }

    static func isURLPath(_ text: String) -> Bool {
        text.hasPrefix("/") && text.utf8.count <= 1000
            && text.utf8.allSatisfy { (33...126).contains($0) && !"\"\\<>#".utf8.contains($0) }
    }

    /// Variables by name.
    static func variables(_ setting: Setting) throws(BuildError) -> [String: String] {
        var variables: [String: String] = [:]
        for (name, value) in try setting.entries(example: "env: {DEBUG: 1}") {
            guard ShellWord.isName(name) else {
                throw value.error("'\(Setting.shown(name))' is no name of a variable; use letters, digits and '_'")
            }
            variables[name] = try value.value(example: "\(name): 1")
        }
        return variables
    }

    /// A buildpack, as `BuildPlan` calls it.
    static func buildpack(_ setting: Setting, folder: String, context: String) throws(BuildError) -> String {
        let text = try setting.string(example: "buildpacks: [martlet/python]")
        return try BuildpackName.read(text, folder: folder, context: context) { setting.error($0, hint: $1) }
    }

    /// Texts without line breaks, such as patterns.
    static func words(_ setting: Setting, example: String) throws(BuildError) -> [String] {
        var words: [String] = []
        for entry in try setting.list(example: example) {
            let text = try entry.string(example: example)
            guard text.utf8.count <= 500, words.count < 200, !text.contains(where: \.isNewline) else {
                throw entry.misfit("at most 200 texts of at most 500 bytes", example)
            }
            words.append(text)
        }
        return words
    }
}

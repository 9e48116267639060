import Platform

/// `project.toml` (CNB Project Descriptor): the table `[io.buildpacks]` of schema 0.2, or the table `[build]` of the
/// schema before it. What else is in it belongs to other programs.
struct ProjectFile {
    static let name = "project.toml"
    private static let groupExample = "[[io.buildpacks.group]] with id = \"martlet/python\""
    private let text: String
    private let context: String
    private var settings: ForeignSettings

    /// What it says about a build; nil when it has neither table.
    ///
    /// - Parameters:
    ///   - file: its path.
    ///   - context: the folder that is built.
    static func parse(_ text: String, file: String, context: String) throws(BuildError) -> ForeignSettings? {
        var reader = ProjectFile(text: text, context: context, settings: ForeignSettings(file: file))
        return try reader.parse()
    }

    private mutating func parse() throws(BuildError) -> ForeignSettings? {
        let root = TOMLItem.table(
            try TOMLItem.parse(text) { ForeignSettings.error(settings.file, $0, Setting.shown($1)) })
        if let new = root["io"]?["buildpacks"] {
            let version = root["_"]?["schema-version"]?.string ?? "0.2"
            guard version == "0.2" else {
                throw error("schema-version", "schema-version '\(Setting.shown(version))' is not known; '0.2' is")
            }
            try read(new, group: "group", environment: new["build"]?["env"] ?? new["env"]?["build"])
            for part in ["pre", "post"] where new[part] != nil {
                settings.remarks.append("\(settings.file): 'io.buildpacks.\(part)' is not used")
            }
            return settings
        }
        let keys = ["buildpacks", "builder", "env", "include", "exclude"]
        guard let old = root["build"], keys.contains(where: { old[$0] != nil }) else { return nil }
        try read(old, group: "buildpacks", environment: old["env"])
        return settings
    }

    private mutating func read(_ table: TOMLItem, group: String, environment: TOMLItem?) throws(BuildError) {
        for entry in try tables(table[group], group, Self.groupExample) {
            settings.plan.buildpacks.append(try buildpack(entry))
        }
        if let builder = table["builder"] {
            guard let name = builder.string, PlanValue.isImage(name) else {
                throw error("builder", "'builder' takes the name of an image, as in 'builder = \"example/builder:24\"'")
            }
            settings.plan.builder = name
        }
        for entry in try tables(environment, "env", "[[io.buildpacks.build.env]] with name and value") {
            guard let name = entry["name"]?.string, ShellWord.isName(name), let value = entry["value"]?.string
            else {
                throw error("env", "'env' takes 'name' and 'value', as in 'name = \"DEBUG\"' and 'value = \"1\"'")
            }
            settings.plan.environment[name] = value
        }
        settings.plan.included = try patterns(table["include"], "include")
        settings.plan.excluded = try patterns(table["exclude"], "exclude")
        if !settings.plan.included.isEmpty, !settings.plan.excluded.isEmpty {
            throw error("exclude", "'include' and 'exclude' cannot be used together; keep one")
        }
    }

    private func buildpack(_ entry: TOMLItem) throws(BuildError) -> String {
        if entry["script"] != nil {
            throw error("script", "'script' is not supported; put the buildpack into a folder and name that by 'uri'")
        }
        let folder = ForeignSettings.folder(of: settings.file)
        let name: String
        let key: String
        if let uri = entry["uri"]?.string {
            (name, key) = (uri.hasPrefix("/") || uri.contains(":") || uri.hasPrefix(".") ? uri : "./\(uri)", "uri")
        } else if let id = entry["id"]?.string {
            (name, key) = (entry["version"]?.string.map { "\(id)@\($0)" } ?? id, "id")
        } else {
            throw error("group", "a buildpack needs 'id' or 'uri', as in '\(Self.groupExample)'")
        }
        return try BuildpackName.read(name, folder: folder, context: context) { error(key, $0, hint: $1) }
    }

    private func tables(_ value: TOMLItem?, _ key: String, _ example: String) throws(BuildError) -> [TOMLItem] {
        guard let value else { return [] }
        guard case .array(let entries) = value, entries.allSatisfy({ if case .table = $0 { true } else { false } })
        else { throw error(key, "'\(key)' takes tables, as in '\(example)'") }
        return entries
    }

    private func patterns(_ value: TOMLItem?, _ key: String) throws(BuildError) -> [String] {
        guard let value else { return [] }
        guard case .array(let entries) = value, case let texts = entries.compactMap(\.string),
            texts.count == entries.count
        else { throw error(key, "'\(key)' takes a list of patterns, as in '\(key) = [\"*.md\"]'") }
        return texts
    }

    /// A complaint with the first line that holds `key`: the parser tells no lines of values.
    private func error(_ key: String, _ text: String, hint: String? = nil) -> BuildError {
        let line = Setting.lines(of: self.text).firstIndex { $0.contains(key) && !$0.drop { $0 == " " }.hasPrefix("#") }
        return ForeignSettings.error(settings.file, line.map { $0 + 1 }, text, hint: hint)
    }
}

import Platform

/// `paastech/buildpacks.yaml`: `buildpacks: {path, builder, buildpack, env}`.
///
/// Read leniently: `path` is the folder that is built, relative to the folder that `paastech` is in; `buildpack` is one
/// name or a list; `env` is a list of `NAME=VALUE` or of `{name, value}`, or names with values. Other keys are remarked
/// on and mean nothing.
struct PaastechFile {
    static let name = "paastech/buildpacks.yaml"
    private static let example = "buildpacks: {buildpack: martlet/python}"
    private var settings: ForeignSettings
    private let folder: String
    private let context: String

    /// - Parameters:
    ///   - file: its path.
    ///   - context: the folder that is built unless the file says so.
    static func parse(_ text: String, file: String, context: String) throws(BuildError) -> ForeignSettings {
        var reader = PaastechFile(
            settings: ForeignSettings(file: file),
            folder: ForeignSettings.folder(of: ForeignSettings.folder(of: file)), context: context)
        try reader.parse(text)
        return reader.settings
    }

    private mutating func parse(_ text: String) throws(BuildError) {
        guard let root = try Setting.parse(text, file: settings.file) else { return }
        for (name, value) in try root.entries(example: Self.example) {
            if name != "buildpacks" {
                ignore(name)
            } else if !value.isNull {
                try read(value)
            }
        }
    }

    private mutating func read(_ block: Setting) throws(BuildError) {
        let fields = try block.entries(example: Self.example).filter { !$0.value.isNull }
        if let path = fields.first(where: { $0.name == "path" })?.value {
            let text = try path.string(example: "path: services/api")
            guard let normal = SourceFolder.normalise(text) else {
                throw path.error("'\(Setting.shown(text))' is no folder in the repository, as in 'path: services/api'")
            }
            settings.context = normal.isEmpty ? folder : SourceFolder.join(folder, normal)
        }
        for (name, value) in fields {
            switch name {
            case "path": break
            case "builder": settings.plan.builder = try PlanValue.image(value, example: "builder: example/builder:24")
            case "buildpack", "buildpacks":
                for entry in try value.list(example: "buildpack: martlet/python") {
                    settings.plan.buildpacks.append(
                        try PlanValue.buildpack(entry, folder: folder, context: settings.context ?? context))
                }
            case "env": try readVariables(value)
            default: ignore(name)
            }
        }
    }

    private mutating func readVariables(_ block: Setting) throws(BuildError) {
        if block.isMapping {
            settings.plan.environment = try PlanValue.variables(block)
            return
        }
        let example = "env: [DEBUG=1]"
        for entry in try block.list(example: example) {
            if entry.isMapping {
                let fields = try entry.fields(["name", "value"], example: "{name: DEBUG, value: 1}")
                guard let name = try fields["name"]?.string(example: "name: DEBUG"), ShellWord.isName(name) else {
                    throw entry.misfit("names of variables with values", "{name: DEBUG, value: 1}")
                }
                settings.plan.environment[name] = try fields["value"]?.value(example: "value: 1") ?? ""
            } else {
                let parts = try entry.string(example: example).split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, ShellWord.isName(String(parts[0])) else {
                    throw entry.misfit("names of variables with values", example)
                }
                settings.plan.environment[String(parts[0])] = String(parts[1])
            }
        }
    }

    private mutating func ignore(_ key: String) {
        settings.remarks.append("\(settings.file): '\(Setting.shown(key))' is not used")
    }
}

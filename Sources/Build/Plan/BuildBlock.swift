import Platform

/// The block `build` of `martlet.yaml`: each key is read when it is known what it means.
struct BuildBlock {
    static let common = ["method", "context", "watch"]
    /// The methods, each with the keys that belong to it alone.
    static let methods: [(name: String, keys: [String])] = [
        ("dockerfile", ["dockerfile", "target"]),
        ("command", ["base", "commands", "start", "cache"]),
        ("buildpack", ["buildpacks", "builder", "env", "include", "exclude"]),
    ]
    let setting: Setting
    var fields: [String: Setting]

    init(_ setting: Setting) throws(BuildError) {
        self.setting = setting
        fields = try setting.fields(
            Self.common + Self.methods.flatMap(\.keys), example: "build: {method: dockerfile}")
        for (key, value) in fields where value.isNull {
            throw value.error("'\(key)' has no value; give it one or leave it out")
        }
    }

    /// The method that it names, or that its keys belong to; nil when it leaves that open.
    func method() throws(BuildError) -> String? {
        let names = Self.methods.map(\.name)
        if let setting = fields["method"] {
            let text = try setting.string(example: "method: dockerfile")
            guard names.contains(text) else {
                let shown = Setting.shown(text)
                throw setting.error(
                    "'\(shown)' is no method of building\(Suggestion.phrase(text, among: names))",
                    hint: "'method' takes: \(names.joined(separator: ", "))")
            }
            return text
        }
        let meant = Self.methods.filter { method in method.keys.contains { fields[$0] != nil } }
        guard meant.count < 2 else {
            let keys = meant.compactMap { method in method.keys.first { fields[$0] != nil } }
            throw setting.error(
                "'\(keys[0])' belongs to method '\(meant[0].name)', and '\(keys[1])' to '\(meant[1].name)'; "
                    + "say which with 'method'")
        }
        return meant.first?.name
    }

    /// The folder that is built; nil when it leaves that open.
    func context() throws(BuildError) -> String? {
        guard let setting = fields["context"] else { return nil }
        let text = try setting.string(example: "context: services/api")
        guard let path = SourceFolder.normalise(text) else {
            throw setting.error(
                "'\(Setting.shown(text))' is no folder in the repository; name one below its top, "
                    + "as in 'context: services/api'")
        }
        return path
    }

    /// Patterns of paths; nil when it has none.
    func watch() throws(BuildError) -> [String]? {
        guard let setting = fields["watch"] else { return nil }
        let example = "watch: [shared/, '*.proto']"
        let patterns = try PlanValue.words(setting, example: example)
        for pattern in patterns where PathPattern(pattern) == nil {
            throw setting.error("'\(Setting.shown(pattern))' is no pattern of paths, as in '\(example)'")
        }
        return patterns
    }

    func dockerfile() throws(BuildError) -> DockerfilePlan {
        var plan = DockerfilePlan()
        if let file = fields["dockerfile"] {
            plan.file = try PlanValue.path(file, example: "dockerfile: docker/Dockerfile")
        }
        if let target = fields["target"] {
            let name = try target.string(example: "target: release")
            guard name.utf8.allSatisfy({ UInt8.isWord($0) || ".-".utf8.contains($0) }), !name.hasPrefix("-") else {
                throw target.misfit("the name of a stage", "target: release")
            }
            plan.target = name
        }
        return plan
    }

    func command() throws(BuildError) -> CommandPlan {
        var plan = CommandPlan()
        plan.base = try fields["base"].map { setting throws(BuildError) in
            try PlanValue.image(setting, example: "base: debian:12")
        }
        for command in try fields["commands"]?.list(example: "commands: [make]") ?? [] {
            plan.commands.append(try command.string(example: "commands: [make]"))
        }
        plan.start = try fields["start"]?.string(example: "start: ./serve")
        for cache in try fields["cache"]?.list(example: "cache: [/opt/cache]") ?? [] {
            plan.caches.append(try PlanValue.absolutePath(cache, example: "cache: [/opt/cache]"))
        }
        return plan
    }

    /// What it says of a build with buildpacks; paths in it are relative to the folder that is built.
    func buildpack(context: String) throws(BuildError) -> BuildpackPlan {
        var plan = BuildpackPlan()
        for entry in try fields["buildpacks"]?.list(example: "buildpacks: [martlet/python]") ?? [] {
            plan.buildpacks.append(try PlanValue.buildpack(entry, folder: context, context: context))
        }
        plan.builder = try fields["builder"].map { setting throws(BuildError) in
            try PlanValue.image(setting, example: "builder: example/builder:24")
        }
        if let setting = fields["env"] { plan.environment = try PlanValue.variables(setting) }
        if let setting = fields["include"] { plan.included = try PlanValue.words(setting, example: "include: [src/]") }
        if let setting = fields["exclude"] {
            plan.excluded = try PlanValue.words(setting, example: "exclude: ['*.md']")
        }
        if !plan.included.isEmpty, let setting = fields["exclude"], !plan.excluded.isEmpty {
            throw setting.error("'include' and 'exclude' cannot be used together; keep one")
        }
        return plan
    }

    /// Remarks on keys that belong to other methods than `method`.
    func remarks(method: String) -> [String] {
        Self.methods.filter { $0.name != method }.flatMap(\.keys).compactMap { key in
            fields[key].map { $0.error("'\(key)' means nothing to method '\(method)'").description }
        }
    }
}

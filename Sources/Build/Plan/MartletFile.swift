import Platform

/// `martlet.yaml`, or text of the same form that was stored for an app. `etc/martlet.yaml` shows all that it may hold.
struct MartletFile {
    static let keys = ["build", "static", "processes", "health", "port"]
    /// How it is built; nil when it says nothing of that.
    var build: BuildBlock?
    var site: SitePlan?
    /// Nil when it declares none.
    var processes: [ProcessDeclaration]?
    var healthPath: String?
    var port: Int?
    /// What complaints call it.
    let name: String

    /// - Parameter name: what complaints call it.
    /// - Throws: `BuildError` with the line of the mistake.
    init(_ text: String, name: String) throws(BuildError) {
        self.name = name
        guard text.utf8.count <= SourceFolder.mostBytes else {
            throw BuildError("\(name): longer than \(SourceFolder.mostBytes >> 10) KiB, which is the limit")
        }
        guard let root = try Setting.parse(text, file: name) else { return }
        let fields = try root.fields(Self.keys, example: "build: {method: dockerfile}")
        build = try fields["build"].map { setting throws(BuildError) in try BuildBlock(setting) }
        site = try fields["static"].map { setting throws(BuildError) in try Self.site(setting) }
        processes = try fields["processes"].map { setting throws(BuildError) in try Self.processes(setting) }
        healthPath = try fields["health"].map { setting throws(BuildError) in try PlanValue.urlPath(setting) }
        port = try fields["port"].map { setting throws(BuildError) in
            try setting.number(1...65535, example: "port: 8000")
        }
    }

    private static func site(_ setting: Setting) throws(BuildError) -> SitePlan {
        guard setting.isMapping else { return SitePlan(folder: try PlanValue.siteFolder(setting)) }
        let fields = try setting.fields(["folder", "spa"], example: "static: {folder: dist, spa: true}")
        guard let folder = fields["folder"] else {
            throw setting.error("'static' needs 'folder', as in 'static: {folder: dist}'")
        }
        var site = SitePlan(folder: try PlanValue.siteFolder(folder))
        if let flag = fields["spa"] { site.isSinglePage = try flag.flag(example: "spa: true") }
        return site
    }

    private static func processes(_ setting: Setting) throws(BuildError) -> [ProcessDeclaration] {
        let example = "processes: {web: ./serve}"
        var processes: [ProcessDeclaration] = []
        for (type, command) in try setting.entries(example: example) {
            guard Procfile.isType(type) else {
                throw command.error(
                    "'\(Setting.shown(type))' is no type of process; use 1-63 of a-z, 0-9 and '-', as in 'web'")
            }
            processes.append(ProcessDeclaration(type: type, shell: try command.string(example: "\(type): ./serve")))
        }
        guard !processes.isEmpty else { throw setting.misfit("types of process with commands", example) }
        return processes
    }
}

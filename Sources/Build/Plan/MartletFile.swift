import Platform

/// `martlet.yaml`, or text of the same form that was stored for an app. `etc/martlet.yaml` shows all that it may hold.
struct MartletFile {
    static let keys = [
        "build", "static", "processes", "release", "migrate", "health", "port", "variables", "routing",
    ]
    /// How it is built; nil when it says nothing of that.
    var build: BuildBlock?
    var site: SitePlan?
    /// Nil when it declares none.
    var processes: [ProcessBlock]?
    /// What is said of the release command outside `processes`.
    var release: ProcessBlock?
    /// What is said of the health of `web`, at the top or in `processes`.
    var health: HealthBlock?
    var port: Int?
    var migration: MigrationPlan?
    /// Nil when it declares none.
    var variables: [VariableDeclaration]?
    var routing: RoutingSettings?
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
        try readProcesses(fields)
        migration = try fields["migrate"].map { setting throws(BuildError) in try MigrateBlock.read(setting) }
        variables = try fields["variables"].map { setting throws(BuildError) in try VariablesBlock.read(setting) }
        routing = try fields["routing"].map { setting throws(BuildError) in try RoutingBlock.read(setting) }
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

    private mutating func readProcesses(_ fields: [String: Setting]) throws(BuildError) {
        processes = try fields["processes"].map { setting throws(BuildError) in try ProcessBlock.all(setting) }
        release = try fields["release"].map { setting throws(BuildError) in
            try ProcessBlock(type: ProcessDeclaration.release, setting)
        }
        if let release, let other = processes?.first(where: { $0.declaration.type == ProcessDeclaration.release }) {
            throw release.setting.error(
                "'release' and 'processes.release' on line \(other.setting.line) both say what runs before a release "
                    + "serves; keep one")
        }
        let web = processes?.first { $0.declaration.type == ProcessDeclaration.web }
        health = web?.health
        guard let setting = fields["health"] else { return }
        if let web, web.health != nil {
            throw setting.error(
                "'health' and 'processes.web.health' on line \(web.setting.line) both say how the web process is checked; "
                    + "keep one")
        }
        health = try HealthBlock(setting)
    }
}

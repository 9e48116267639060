import Platform

/// Reads what a commit's files and its app's settings say about a build; see `BuildPlan.read`.
struct BuildPlanReader {
    let source: SourceFolder
    private var file: MartletFile?
    private var stored: MartletFile?
    private var build: BuildBlock?
    private var context = ""
    private var app: AppFile?
    private var remarks: [String] = []

    init(source: SourceFolder) { self.source = source }

    mutating func read(settings: String?) throws(BuildError) -> BuildPlan {
        stored = try settings.map { text throws(BuildError) in try MartletFile(text, name: "settings") }
        try findFile()
        context = try build?.context() ?? ""
        try requireFolder()
        let watch = try build?.watch() ?? []
        var plan = BuildPlan(try method())
        plan.context = context
        plan.watch = watch
        plan.site = file?.site ?? stored?.site
        plan.port = file?.port ?? stored?.port
        app = try appFile()
        if case .buildpack(let buildpack) = plan.method, buildpack.buildpacks.isEmpty, buildpack.builder == nil {
            var buildpack = buildpack
            buildpack.buildpacks = app?.buildpacks ?? []
            plan.method = .buildpack(buildpack)
        }
        plan.migration = file?.migration ?? stored?.migration
        plan.routing = file?.routing ?? stored?.routing
        plan.variables = variables()
        try readProcesses(into: &plan)
        try requireStart(plan)
        plan.remarks = remarks
        return plan
    }

    /// Finds `martlet.yaml`, and the block `build` that counts.
    private mutating func findFile() throws(BuildError) {
        build = stored?.build
        if let text = try source.text(at: BuildPlan.settingsFile) {
            let found = try MartletFile(text, name: BuildPlan.settingsFile)
            file = found
            build = found.build ?? build
            return
        }
        guard let outer = stored?.build, let folder = try outer.context(), !folder.isEmpty else { return }
        let path = SourceFolder.join(folder, BuildPlan.settingsFile)
        guard source.item(at: path) == .file, let text = try source.text(at: path) else { return }
        let found = try MartletFile(text, name: path.escaped)
        file = found
        guard var inner = found.build else { return }
        if let setting = inner.fields["context"] {
            throw setting.error("'context' is '\(folder.escaped)' by the app's settings; leave it out here")
        }
        inner.fields["context"] = outer.fields["context"]
        inner.fields["watch"] = inner.fields["watch"] ?? outer.fields["watch"]
        build = inner
    }

    private func requireFolder() throws(BuildError) {
        guard let setting = build?.fields["context"] else { return }
        let shown = Setting.shown(context)
        switch source.item(at: context) {
        case .folder: return
        case .file: throw setting.error("'\(shown)' is a file; 'context' takes a folder")
        case .link: throw setting.error("'\(shown)' leads over a symbolic link; 'context' takes a folder itself")
        case .nothing:
            let parent = ForeignSettings.folder(of: context)
            let near = source.folders(in: parent).map { SourceFolder.join(parent, $0) }
            throw setting.error(
                "there is no folder '\(shown)' in the commit\(Suggestion.phrase(context, among: near).escaped)")
        }
    }

    private mutating func method() throws(BuildError) -> BuildPlan.Method {
        let named = try build?.method()
        if let named { remarks += build?.remarks(method: named) ?? [] }
        switch named {
        case "dockerfile": return .dockerfile(try dockerfile())
        case "command": return .command(try build?.command() ?? CommandPlan())
        case "buildpack":
            let plan = try build?.buildpack(context: context) ?? BuildpackPlan()
            return .buildpack(try completed(plan))
        default:
            if let found = try buildpackSettings() { return .buildpack(found.plan) }
            let path = SourceFolder.join(context, DockerfilePlan().file)
            return [.file, .link].contains(source.item(at: path)) ? .dockerfile(try dockerfile()) : .buildpack(.init())
        }
    }

    private func dockerfile() throws(BuildError) -> DockerfilePlan {
        let plan = try build?.dockerfile() ?? DockerfilePlan()
        let path = SourceFolder.join(context, plan.file)
        let shown = Setting.shown(path)
        let complain = { (text: String) in
            build?.fields["dockerfile"]?.error(text) ?? build?.fields["method"]?.error(text) ?? BuildError(text)
        }
        switch source.item(at: path) {
        case .file: return plan
        case .folder: throw complain("'\(shown)' is a folder, not a Dockerfile")
        // The docker client would follow it, out of the repository too.
        case .link: throw complain("'\(shown)' leads over a symbolic link; name the Dockerfile itself")
        case .nothing: throw complain("there is no file '\(shown)' in the commit")
        }
    }

    /// `plan` with what it leaves open taken from files of other systems.
    private mutating func completed(_ plan: BuildpackPlan) throws(BuildError) -> BuildpackPlan {
        var plan = plan
        guard plan.buildpacks.isEmpty, plan.builder == nil, let found = try buildpackSettings() else { return plan }
        plan.buildpacks = found.plan.buildpacks
        plan.builder = found.plan.builder
        plan.environment.merge(found.plan.environment) { own, _ in own }
        if plan.included.isEmpty, plan.excluded.isEmpty {
            plan.included = found.plan.included
            plan.excluded = found.plan.excluded
        }
        return plan
    }

    /// What `paastech/buildpacks.yaml` or `project.toml` say; nil when neither says anything. Changes the folder that is
    /// built to the one that is named there, unless it is known already.
    private mutating func buildpackSettings() throws(BuildError) -> ForeignSettings? {
        for folder in context.isEmpty ? [""] : [context, ""] {
            let path = SourceFolder.join(folder, PaastechFile.name)
            guard let text = try source.text(at: path) else { continue }
            let found = try PaastechFile.parse(text, file: path.escaped, context: context)
            remarks += found.remarks
            try move(to: found.context, by: found.file)
            return found
        }
        for folder in context.isEmpty ? [""] : [context, ""] {
            let path = SourceFolder.join(folder, ProjectFile.name)
            guard let text = try source.text(at: path),
                let found = try ProjectFile.parse(text, file: path.escaped, context: context)
            else { continue }
            remarks += found.remarks
            return found
        }
        return nil
    }

    private mutating func move(to folder: String?, by file: String) throws(BuildError) {
        guard let folder, folder != context else { return }
        guard build?.fields["context"] == nil else {
            throw BuildError(
                "\(file): 'path' is '\(folder.escaped)', but 'build.context' is '\(context.escaped)'; leave one out")
        }
        guard source.item(at: folder) == .folder else {
            throw BuildError("\(file): there is no folder '\(folder.escaped)' in the commit")
        }
        context = folder
    }

    private mutating func appFile() throws(BuildError) -> AppFile? {
        let path = SourceFolder.join(context, AppFile.name)
        guard let text = try source.text(at: path) else { return nil }
        let app = try AppFile(text, file: path.escaped, context: context)
        remarks += app.remarks
        return app
    }

    private mutating func readProcesses(into plan: inout BuildPlan) throws(BuildError) {
        let path = SourceFolder.join(context, Procfile.name)
        let text = source.item(at: path) == .file ? try source.text(at: path) : nil
        let health = file?.health ?? stored?.health ?? app?.health[ProcessDeclaration.web]
        plan.healthPath = health?.path
        var reader = ProcessesReader(
            blocks: file?.processes ?? stored?.processes, release: release, start: plan.start,
            startSetting: build?.fields["start"], app: app, webChecks: health?.checks,
            usesBuildpacks: plan.method.name == "buildpack", hasSite: plan.site != nil)
        plan.processes = try reader.read(procfile: text, path: path.escaped)
        remarks += reader.remarks
    }

    /// The release command that is named by itself, unless the file names one among its processes.
    private var release: ProcessBlock? {
        if let own = file?.release { return own }
        let isDeclared = file?.processes?.contains { $0.declaration.type == ProcessDeclaration.release } ?? false
        return isDeclared ? nil : stored?.release
    }

    /// What the file or the settings declare and, of other names, `app.json`.
    private func variables() -> [VariableDeclaration] {
        let own = file?.variables ?? stored?.variables ?? []
        return own + (app?.variables ?? []).filter { variable in !own.contains { $0.name == variable.name } }
    }

    private func requireStart(_ plan: BuildPlan) throws(BuildError) {
        guard case .command(let command) = plan.method, command.start == nil, plan.site == nil,
            !plan.processes.contains(where: { $0.type == ProcessDeclaration.web && $0.command != nil })
        else { return }
        let text = "nothing says how the web process starts; add 'start' to 'build', as in 'start: ./serve'"
        throw build?.setting.error(text) ?? BuildError(text)
    }
}

extension BuildPlan {
    /// The command of the web process, where the method says it.
    fileprivate var start: String? {
        guard case .command(let plan) = method else { return nil }
        return plan.start
    }
}

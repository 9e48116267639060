import Platform

/// Puts together what `martlet.yaml`, the `Procfile` and `app.json` say of processes.
struct ProcessesReader {
    /// The block `processes`; nil when there is none.
    let blocks: [ProcessBlock]?
    /// The release command that is named outside it.
    let release: ProcessBlock?
    /// The command of `web` that `build` names.
    let start: String?
    let startSetting: Setting?
    let app: AppFile?
    /// The checks of `web`.
    let webChecks: HealthChecks?
    /// Whether the image may start types that no file gives a command.
    let usesBuildpacks: Bool
    /// Whether files are served, and no process.
    let hasSite: Bool
    private(set) var remarks: [String] = []
    private var processes: [ProcessDeclaration] = []

    init(
        blocks: [ProcessBlock]?, release: ProcessBlock?, start: String?, startSetting: Setting?, app: AppFile?,
        webChecks: HealthChecks?, usesBuildpacks: Bool, hasSite: Bool
    ) {
        self.blocks = blocks
        self.release = release
        self.start = start
        self.startSetting = startSetting
        self.app = app
        self.webChecks = webChecks
        self.usesBuildpacks = usesBuildpacks
        self.hasSite = hasSite
    }

    /// - Parameters:
    ///   - procfile: the `Procfile`'s text; nil when there is none.
    ///   - path: what complaints call it.
    mutating func read(procfile: String?, path: String) throws(BuildError) -> [ProcessDeclaration] {
        try readCommands(procfile, path)
        if let command = release?.declaration { replace(command, path) }
        applyAppFile()
        if let webChecks, !hasSite { change(ProcessDeclaration.web) { $0.checks = webChecks } }
        try requireCommands()
        if hasSite, processes.contains(where: { $0.command != nil }) {
            remarks.append("processes are not started: the app's files are served instead")
        }
        return processes
    }

    /// The commands are those of the block, or else those of the `Procfile`, for which a block without commands says how
    /// they run.
    private mutating func readCommands(_ procfile: String?, _ path: String) throws(BuildError) {
        let blocks = blocks ?? []
        if blocks.contains(where: { $0.declaration.command != nil }) {
            if procfile != nil {
                remarks.append("\(path) is not used: \(BuildPlan.settingsFile) declares the processes")
            }
            processes = blocks.map(\.declaration)
            if start != nil, web?.command != nil, let startSetting {
                throw startSetting.error("'start' and 'processes.web' both say how the web process starts; keep one")
            }
            return
        }
        processes = try procfile.map { text throws(BuildError) in try Procfile.parse(text, file: path) } ?? []
        if start != nil, web != nil {
            remarks.append("\(path): 'web' is not used: 'build.start' says how it starts")
            processes.removeAll { $0.type == ProcessDeclaration.web }
        }
        for block in blocks {
            change(block.declaration.type) { process in
                let command = process.command
                process = block.declaration
                process.command = command
            }
        }
    }

    private var web: ProcessDeclaration? { processes.first { $0.type == ProcessDeclaration.web } }

    /// Changes a type; one that is not there is added, to be started by the image.
    private mutating func change(_ type: String, _ body: (inout ProcessDeclaration) -> Void) {
        if let index = processes.firstIndex(where: { $0.type == type }) { return body(&processes[index]) }
        var process = ProcessDeclaration(type: type)
        body(&process)
        processes.insert(process, at: type == ProcessDeclaration.web ? 0 : processes.endIndex)
    }

    private mutating func replace(_ command: ProcessDeclaration, _ path: String) {
        if processes.contains(where: { $0.type == command.type }) {
            remarks.append("\(path): 'release' is not used: \(BuildPlan.settingsFile) says what runs")
            processes.removeAll { $0.type == command.type }
        }
        processes.append(command)
    }

    /// What `app.json` says of types about which nothing else says the same.
    private mutating func applyAppFile() {
        guard let app, !hasSite else { return }
        for (type, quantity) in app.quantities.sorted(by: { $0.key < $1.key }) where isKnown(type, "formation") {
            change(type) { $0.quantity = $0.quantity ?? quantity }
        }
        for (type, health) in app.health.sorted(by: { $0.key < $1.key })
        where type != ProcessDeclaration.web && isKnown(type, "healthchecks") {
            change(type) { $0.checks = $0.checks ?? health.allChecks }
        }
    }

    /// Whether there is such a type of processes, or may be.
    private mutating func isKnown(_ type: String, _ key: String) -> Bool {
        let isDeclared = processes.contains { $0.type == type }
        if type != ProcessDeclaration.release, Procfile.isType(type),
            isDeclared || usesBuildpacks || type == ProcessDeclaration.web
        {
            return true
        }
        remarks.append("\(app?.file ?? ""): '\(key).\(Setting.shown(type))' is not used: no such process is declared")
        return false
    }

    private func requireCommands() throws(BuildError) {
        for process in processes where process.command == nil && process.type != ProcessDeclaration.web {
            if usesBuildpacks, process.type != ProcessDeclaration.release { continue }
            let text = "'\(process.type)' has no command; add one, as in '\(process.type): {command: ./run}'"
            let block = blocks?.first { $0.declaration.type == process.type } ?? release
            throw block?.setting.error(text) ?? BuildError(text)
        }
    }
}

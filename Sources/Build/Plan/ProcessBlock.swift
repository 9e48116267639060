import Platform

/// A type of processes as `martlet.yaml` declares it: its command, or a block of how it runs.
struct ProcessBlock {
    static let keys = ["command", "quantity", "memory", "cpus", "strategy", "drain", "stop", "health", "timeout"]
    /// The keys of the command that runs before a release serves.
    private static let releaseKeys = ["command", "timeout"]
    private static let longest = 86_400
    /// What stands behind the type.
    let setting: Setting
    /// Without a command where that is said elsewhere: by the image, `build.start` or a `Procfile`.
    private(set) var declaration: ProcessDeclaration
    private(set) var health: HealthBlock?

    /// - Parameters:
    ///   - type: a valid one.
    ///   - setting: what stands behind it.
    init(type: String, _ setting: Setting) throws(BuildError) {
        self.setting = setting
        guard setting.isMapping else {
            declaration = ProcessDeclaration(type: type, shell: try setting.string(example: "\(type): ./serve"))
            return
        }
        let fields = try setting.fields(Self.keys, example: "\(type): {command: ./serve}")
        for (key, value) in fields where value.isNull {
            throw value.error("'\(key)' has no value; give it one or leave it out")
        }
        let command = try fields["command"]?.string(example: "command: ./serve")
        declaration = command.map { ProcessDeclaration(type: type, shell: $0) } ?? ProcessDeclaration(type: type)
        try check(fields)
        try readSizes(fields)
        try readTimes(fields)
        if let setting = fields["health"] {
            let health = try HealthBlock(setting)
            self.health = health
            if type != ProcessDeclaration.web { declaration.checks = health.allChecks }
        }
    }

    /// The block `processes`, in its order; one at least.
    static func all(_ setting: Setting) throws(BuildError) -> [ProcessBlock] {
        let example = "processes: {web: ./serve}"
        var blocks: [ProcessBlock] = []
        for (type, value) in try setting.entries(example: example) {
            guard Procfile.isType(type) else {
                throw value.error(
                    "'\(Setting.shown(type))' is no type of process; use 1-63 of a-z, 0-9 and '-', as in 'web'")
            }
            blocks.append(try ProcessBlock(type: type, value))
        }
        guard !blocks.isEmpty else { throw setting.misfit("types of process with commands", example) }
        return blocks
    }

    private func check(_ fields: [String: Setting]) throws(BuildError) {
        let isRelease = declaration.type == ProcessDeclaration.release
        for (key, value) in fields where isRelease != (key == "timeout") && key != "command" {
            guard isRelease else { throw value.error("'timeout' belongs to type 'release' alone; others run on") }
            throw value.error(
                "'\(key)' means nothing to type 'release', which runs once",
                hint: "'release' takes: \(Self.releaseKeys.joined(separator: ", "))")
        }
    }

    private mutating func readSizes(_ fields: [String: Setting]) throws(BuildError) {
        declaration.quantity = try fields["quantity"]?.number(0...100, example: "quantity: 2")
        declaration.memoryBytes = try fields["memory"]?.bytes(ProcessSizes.memoryBytes, example: "memory: 512M")
        declaration.cpus = try fields["cpus"]?.decimal(ProcessSizes.cpus, example: "cpus: 0.5")
        declaration.strategy = try fields["strategy"].map { setting throws(BuildError) in
            try setting.choice(DeployStrategy.self, example: "strategy: stop-first")
        }
        if declaration.strategy == .exclusive, declaration.quantity ?? 1 > 1, let quantity = fields["quantity"] {
            throw quantity.error("there is never more than one of '\(declaration.type)': its strategy is 'exclusive'")
        }
    }

    private mutating func readTimes(_ fields: [String: Setting]) throws(BuildError) {
        declaration.drainSeconds = try fields["drain"]?.wholeSeconds(0...Self.longest, example: "drain: 30s")
        declaration.stopSeconds = try fields["stop"]?.wholeSeconds(0...Self.longest, example: "stop: 5m")
        declaration.timeout = try fields["timeout"]?.seconds(1...Double(Self.longest), example: "timeout: 1h")
    }
}

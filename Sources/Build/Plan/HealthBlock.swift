import Platform

/// What is said about the health of a type of processes: a path, a probe, or probes by their use.
struct HealthBlock {
    static let uses = ["startup", "readiness", "liveness"]
    /// The path, where nothing but that is said.
    var path: String?
    /// The checks; nil where a path says it all.
    var checks: HealthChecks?

    /// - Throws: `BuildError` with the line of the mistake.
    init(_ setting: Setting) throws(BuildError) {
        guard setting.isMapping else {
            path = try PlanValue.urlPath(setting)
            return
        }
        guard try setting.entries(example: "health: {path: /up}").contains(where: { Self.uses.contains($0.name) })
        else {
            checks = HealthChecks(startup: try ProbeBlock(setting).probe())
            return
        }
        let fields = try setting.fields(Self.uses, example: "health: {startup: /up, liveness: {tcp: true}}")
        checks = HealthChecks(
            startup: try Self.probe(fields["startup"]), readiness: try Self.probe(fields["readiness"]),
            liveness: try Self.probe(fields["liveness"]))
    }

    init(path: String?, checks: HealthChecks?) {
        self.path = path
        self.checks = checks
    }

    /// The checks of a process to which no requests go: there a path is a check of its start as well.
    var allChecks: HealthChecks? {
        checks ?? path.map { HealthChecks(startup: HealthProbe(.http(.init(path: $0)))) }
    }

    private static func probe(_ setting: Setting?) throws(BuildError) -> HealthProbe? {
        guard let setting else { return nil }
        guard setting.isMapping else {
            let example = "\(setting.key): /up"
            let text = try setting.string(example: example)
            guard PlanValue.isURLPath(text) else { throw setting.misfit("a path or a probe", example) }
            return HealthProbe(.http(.init(path: text)))
        }
        return try ProbeBlock(setting).probe()
    }
}

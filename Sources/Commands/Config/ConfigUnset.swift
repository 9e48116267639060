import ArgumentParser
import Platform

struct ConfigUnset: Verb {
    static let configuration = CommandConfiguration(
        commandName: "unset", abstract: "Remove config variables, all or none (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The variables' names.")
    var names: [String]

    @OptionGroup var flags: DeploymentFlags

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let names = Set(try names.map { name throws(Refusal) in try ConfigName(name) })
        try await requireNone(of: names, app, context)
        try await context.config.unset(names, of: app)
        try await context.record("config.unset", "\(app.name) \(names.sorted().text)")
        try await context.print("unset \(names.sorted().text)")
        try await context.deployConfig(names.sorted(), verb: "unset", flags, of: app)
    }

    /// - Throws: `Refusal` for a variable without which no release of the app may go.
    private func requireNone(of names: Set<ConfigName>, _ app: App, _ context: CommandContext) async throws {
        guard let live = try await context.releases.live(of: app.id) else { return }
        for variable in live.product.variables ?? [] where variable.isRequired {
            guard variable.value == nil, !variable.isGenerated,
                names.contains(where: { $0.description == variable.name })
            else { continue }
            let why = variable.description.map { " (\($0.escaped))" } ?? ""
            throw Refusal(
                "cannot unset '\(variable.name)': v\(live.number) of '\(app.name)' requires it\(why); set another value, or "
                    + "deploy a commit that does without")
        }
    }
}

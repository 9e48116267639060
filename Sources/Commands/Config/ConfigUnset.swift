import ArgumentParser
import Platform

struct ConfigUnset: Verb {
    static let configuration = CommandConfiguration(
        commandName: "unset", abstract: "Remove config variables, all or none (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The variables' names.")
    var names: [String]

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let names = Set(try names.map { name throws(Refusal) in try ConfigName(name) })
        try await context.config.unset(names, of: app)
        try await context.record("config.unset", "\(app.name) \(names.sorted().text)")
        try await context.print("unset \(names.sorted().text)")
        try await context.sayWhenConfigApplies(to: app)
    }
}

import ArgumentParser
import Platform

struct PsRestart: Verb {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Replace an app's processes by new ones of the same release (deployers).",
        discussion:
            "As with a deploy the old ones serve until the new ones are healthy. The config stays the release's.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The types of processes; by default all.")
    var types: [String] = []

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let live = try await context.live(app)
        guard !app.isStopped else {
            throw Refusal("app '\(app.name)' is stopped; 'ps start \(app.name)' starts it")
        }
        try context.check(types, in: try await context.plans(of: app, live: live), of: app, live)
        try await context.start(
            DeployIntent(.restart, summary: (["restart"] + types).joined(separator: " "), types: types), of: app,
            like: live, action: "ps.restart", isDetached: flags.detach)
    }
}

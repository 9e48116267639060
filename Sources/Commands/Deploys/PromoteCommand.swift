import ArgumentParser
import Platform

struct PromoteCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Give all requests to the canary: it becomes the live release (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        try await context.endCanary(of: app, .promote, isDetached: flags.detach)
    }
}

extension CommandContext {
    /// Makes the canary live, or lets it go.
    ///
    /// - Throws: `Refusal` when there is none.
    func endCanary(of name: String, _ action: DeployIntent.Action, isDetached: Bool) async throws {
        let app = try await apps.named(name, for: caller, atLeast: .deployer)
        guard let canary = try await releases.canary(of: app.id) else { throw Refusal.noCanary(app.name) }
        try await start(
            DeployIntent(action, summary: "\(action.rawValue) v\(canary.number)"), of: app, like: canary,
            action: action.rawValue, isDetached: isDetached)
    }
}

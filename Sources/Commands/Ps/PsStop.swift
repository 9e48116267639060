import ArgumentParser
import Platform

struct PsStop: Verb {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "End all processes of an app until 'ps start' (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        try await context.setStopped(true, app, isDetached: flags.detach)
    }
}

extension CommandContext {
    /// Ends all processes of an app, or starts them; says so where that is done already.
    func setStopped(_ isStopped: Bool, _ name: String, isDetached: Bool) async throws {
        let app = try await apps.named(name, for: caller, atLeast: .deployer)
        let live = try await live(app)
        try check([], in: [], of: app, live)
        // One that waits in the queue may be about to change it.
        if app.isStopped == isStopped, try await !isBusy(app) {
            return try await say("app '\(app.name)' is \(isStopped ? "stopped" : "started") already")
        }
        let verb = isStopped ? "stop" : "start"
        try await start(
            DeployIntent(.arrange, summary: verb, isStopped: isStopped), of: app, like: live, action: "ps.\(verb)",
            isDetached: isDetached)
    }
}

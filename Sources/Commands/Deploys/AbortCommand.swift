import ArgumentParser
import Platform

struct AbortCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "abort", abstract: "Take all requests from the canary, and stop it (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        try await context.endCanary(of: app, .abort, isDetached: flags.detach)
    }
}

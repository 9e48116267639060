import ArgumentParser
import Platform

struct PsStart: Verb {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start the processes of an app that was stopped (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        try await context.setStopped(false, app, isDetached: flags.detach)
    }
}

import ArgumentParser
import Platform

struct BuildsSettings: Verb {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print how an app is built where its repository does not say.")

    @Argument(help: "The app's name.")
    var app: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        guard let yaml = try await context.buildSettings.settings(of: app) else {
            return try await context.say("no settings: what is pushed says how it is built, or is looked at")
        }
        try await context.conversation.write(Array(yaml.utf8))
    }
}

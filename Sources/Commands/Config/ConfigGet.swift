import ArgumentParser
import Platform

struct ConfigGet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print the value of a config variable (deployers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The variable's name.")
    var name: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        try await context.print(try await context.config.value(ConfigName(name), of: app))
    }
}

import ArgumentParser
import Platform

struct AppsDestroy: Verb {
    static let configuration = CommandConfiguration(
        commandName: "destroy", abstract: "Remove an app with its repository, releases and containers (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Option(help: "The app's name once more: it cannot be brought back.")
    var confirm: String?

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        guard confirm == app.name.description else {
            throw Refusal(
                "this removes '\(app.name)' for good; if you mean it: apps destroy \(app.name) --confirm \(app.name)",
                exitStatus: 2)
        }
        try await context.apps.destroy(app)
        try await context.record("apps.destroy", app.name.description)
        try await context.print("destroyed app '\(app.name)'")
    }
}

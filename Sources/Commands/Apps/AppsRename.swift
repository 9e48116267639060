import ArgumentParser
import Platform

struct AppsRename: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give an app another name, and with it another address (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Its new name.")
    var newName: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let name = try AppName(newName)
        try await context.apps.rename(app, to: name, host: context.host(name))
        let renamed = try await context.apps.find(name) ?? app
        try await context.record("apps.rename", "\(app.name) \(name)", of: app)
        try await context.print("app '\(app.name)' is '\(name)' now: \(context.address(name))")
        try await context.say("change your remote: git remote set-url martlet ssh://git@HOST:PORT/\(name)")
        try await context.route(renamed)
    }
}

import ArgumentParser
import Platform

struct AppsTransfer: Verb {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Give an app to another user (its owner, admins).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Who shall own it.")
    var user: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        guard context.caller.isAdmin || context.caller.name == app.owner.description else {
            throw Refusal("only the owner '\(app.owner)' or an admin may transfer app '\(app.name)'")
        }
        let user = try await context.users.named(UserName(user))
        try await context.apps.transfer(app, to: user)
        try await context.record("apps.transfer", "\(app.name) \(user.name)")
        try await context.print("app '\(app.name)' belongs to '\(user.name)' now")
    }
}

import ArgumentParser
import Platform

struct AccessRevoke: Verb {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take away what a user may do with an app (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The user's name.")
    var user: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let user = try await context.users.named(UserName(user))
        try await context.access.revoke(user, from: app)
        try await context.record("access.revoke", "\(app.name) \(user.name)")
        try await context.print("user '\(user.name)' has no access of their own to app '\(app.name)' any more")
    }
}

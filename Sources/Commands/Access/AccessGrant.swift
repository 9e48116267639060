import ArgumentParser
import Platform

struct AccessGrant: Verb {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Let a user do something with an app (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The user's name.")
    var user: String

    @Argument(help: "viewer (see it), deployer (push to it) or maintainer (change it).")
    var role: Role = .deployer

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let user = try await context.users.named(UserName(user))
        guard user.name != app.owner else {
            throw Refusal("user '\(user.name)' owns app '\(app.name)', and may do everything with it already")
        }
        try await context.access.grant(role, on: app, to: user)
        try await context.record("access.grant", "\(app.name) \(user.name) \(role.rawValue)")
        try await context.print("user '\(user.name)' is \(role.rawValue) of app '\(app.name)' now")
    }
}

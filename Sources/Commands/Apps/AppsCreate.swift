import ArgumentParser
import Platform

struct AppsCreate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an app; the first push does so too.")

    @Argument(help: "Its name: lower-case letters, digits and '-', at most 30.")
    var name: String

    @Option(help: "Whose it shall be; by default yours (admins).")
    var owner: String?

    func run(in context: CommandContext) async throws {
        let appName = try AppName(name)
        let user = try await context.subject(named: owner)
        let app = try await context.apps.create(appName, owner: user.name, host: context.host(appName))
        try await context.record("apps.create", name)
        try await context.print("created app '\(app.name)'")
        try await context.say(
            "push to it: git remote add martlet ssh://git@HOST:PORT/\(app.name) && git push martlet main")
    }
}

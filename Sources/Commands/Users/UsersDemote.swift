import ArgumentParser
import Platform

struct UsersDemote: Verb {
    static let configuration = CommandConfiguration(
        commandName: "demote", abstract: "Make an admin an ordinary user (admins).")

    @Argument(help: "The user's name.")
    var name: String

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        try await context.users.setAdmin(UserName(name), false)
        try await context.record("users.demote", name)
        try await context.print("user '\(name)' is an ordinary user now")
    }
}

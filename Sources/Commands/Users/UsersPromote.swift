import ArgumentParser
import Platform

struct UsersPromote: Verb {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Let a user do everything (admins).")

    @Argument(help: "The user's name.")
    var name: String

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        try await context.users.setAdmin(UserName(name), true)
        try await context.record("users.promote", name)
        try await context.print("user '\(name)' is an admin now")
    }
}

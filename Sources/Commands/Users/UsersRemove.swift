import ArgumentParser
import Platform

struct UsersRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a user with their keys and access (admins).")

    @Argument(help: "The user's name.")
    var name: String

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        try await context.users.remove(UserName(name))
        try await context.record("users.remove", name)
        try await context.print("removed user '\(name)'")
    }
}

import ArgumentParser

struct UsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Who may log in.",
        subcommands: [UsersAdd.self, UsersList.self, UsersRemove.self, UsersPromote.self, UsersDemote.self])
}

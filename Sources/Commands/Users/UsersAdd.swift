import ArgumentParser
import Platform

struct UsersAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a user (admins).",
        discussion: "Over SSH pipe the key in: ssh … users add bob --key - < bob.pub")

    @Argument(help: "The user's name: lower-case letters, digits, '-', '_' and '.'.")
    var name: String

    @Flag(help: "Let them do everything.")
    var admin = false

    @Option(help: "Their public key: '-' for standard input, or on the machine itself a file.")
    var key: String?

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        let userName = try UserName(name)
        let publicKey: PublicKey? = if let key { try await context.publicKey(from: key) } else { nil }
        let user = try await context.users.add(userName, admin: admin, key: publicKey)
        try await context.record("users.add", name)
        try await context.print("added \(admin ? "admin" : "user") '\(user.name)'")
        for key in try await context.keys.list(of: user) {
            try await context.print("key '\(key.name)' \(key.fingerprint)")
        }
        if publicKey == nil {
            try await context.say("they cannot log in yet: give them a key with 'keys add --user \(name)'")
        }
    }
}

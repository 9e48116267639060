import ArgumentParser
import Platform

struct KeysRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a key: it cannot log in any more.")

    @Option(help: "Whose key it is; by default yours (admins may remove others').")
    var user: String?

    @Argument(help: "Its name or its fingerprint.")
    var key: String

    func run(in context: CommandContext) async throws {
        let owner = try await context.subject(named: user)
        try await context.keys.remove(key, of: owner)
        try await context.record("keys.remove", "\(owner.name) \(key)")
        try await context.print("removed key '\(key)' of user '\(owner.name)'")
    }
}

import ArgumentParser
import Platform

struct KeysAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register a public key.",
        discussion: "Pipe it in: ssh … keys add < ~/.ssh/id_ed25519.pub, or give it as the last argument.")

    @Option(help: "Whose key it is; by default yours (admins may add for others).")
    var user: String?

    @Option(help: "What to call it; by default its comment.")
    var name: String?

    @Argument(
        help: "The key: 'TYPE BASE64 COMMENT', '-' or nothing for standard input, or on the machine itself a file.")
    var key: [String] = []

    func run(in context: CommandContext) async throws {
        let owner = try await context.subject(named: user)
        let publicKey = try await context.publicKey(from: key.isEmpty ? nil : key.joined(separator: " "))
        if let name, name.isEmpty || name.count > 200 || name != name.escaped {
            throw Refusal("a key's name has 1-200 characters and no control characters", exitStatus: 2)
        }
        let added = try await context.keys.add(publicKey, name: name, for: owner)
        try await context.record("keys.add", "\(owner.name) \(added.fingerprint)")
        try await context.print("added key '\(added.name)' \(added.fingerprint) to user '\(owner.name)'")
    }
}

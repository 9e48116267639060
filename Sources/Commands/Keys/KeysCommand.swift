import ArgumentParser

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The SSH keys that may log in.",
        subcommands: [KeysAdd.self, KeysList.self, KeysRemove.self])
}

import ArgumentParser

struct SecretsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "The keys that encrypt config variables (on the machine itself).",
        subcommands: [SecretsRotate.self])
}

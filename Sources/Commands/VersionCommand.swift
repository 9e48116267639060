import ArgumentParser

/// What this program calls itself.
package enum Version {
    /// Such as `0.1.0`.
    package static let number = "0.1.0"
}

struct VersionCommand: Verb {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the server's version.")

    func run(in context: CommandContext) async throws {
        try await context.print("martlet \(Version.number)")
    }
}

import ArgumentParser
import Platform

struct WhoamiCommand: Verb {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: "Show who you are here.")

    func run(in context: CommandContext) async throws {
        try await context.print(context.caller.name + (context.caller.isAdmin ? " (admin)" : ""))
        if let fingerprint = context.caller.keyFingerprint { try await context.say("key \(fingerprint)") }
    }
}

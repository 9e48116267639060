import ArgumentParser
import Platform

struct SecretsRotate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Encrypt all config variables anew with a new key.",
        discussion: """
            The daemon goes on meanwhile and needs no restart. The key before stays in the key file until the next \
            rotation: after a leak of that file, rotate twice, and set anew what was worth stealing.
            """)

    @Flag(help: "Forget what cannot be decrypted, since its key is lost.")
    var dropUnreadable = false

    func run(in context: CommandContext) async throws {
        guard context.caller.isLocal else {
            throw Refusal("keys are rotated on the machine itself: martlet secrets rotate")
        }
        let rotation = try await context.secrets.rotate(dropUnreadable: dropUnreadable)
        let dropped = rotation.dropped.count
        try await context.record("secrets.rotate", "key \(rotation.key), \(rotation.count) kept, \(dropped) dropped")
        for secret in rotation.dropped { try await context.say("forgot \(secret), which could not be decrypted") }
        let values = rotation.count == 1 ? "1 value is" : "\(rotation.count) values are"
        try await context.print("\(values) encrypted with key \(rotation.key) now")
    }
}

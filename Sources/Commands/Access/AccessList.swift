import ArgumentParser
import Platform

struct AccessList: Verb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List who may do what with an app.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let user: String
        let role: String
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entries = try await context.access.list(of: app).map { Entry(user: $0.user.description, role: $0.role) }
        try await context.list(entries, asJSON: json, header: ["USER", "ROLE"], none: "nobody") { [$0.user, $0.role] }
    }
}

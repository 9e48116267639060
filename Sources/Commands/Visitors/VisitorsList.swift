import ArgumentParser
import Platform

struct VisitorsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who may see an app.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        /// `password` or `forward`.
        let kind: String
        /// A visitor's name, or a URL.
        let name: String
        let mode: String?
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let settings = try await context.routing.settings(of: app)
        var entries = (settings.visitors ?? [:]).keys.sorted().map { Entry(kind: "password", name: $0, mode: nil) }
        if let forward = settings.forwardAuthentication {
            entries.append(Entry(kind: "forward", name: forward.url, mode: forward.mode.rawValue))
        }
        try await context.list(
            entries, asJSON: json, header: ["KIND", "WHO", "MODE"], none: "anybody may see '\(app.name)'"
        ) { [$0.kind, $0.name, $0.mode ?? ""] }
    }
}

import ArgumentParser
import Platform

struct RoutingShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show how the proxy treats an app's requests.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let key: String
        /// nil for what the server does by default.
        let value: String?
        /// `set`, `repository` or `default`.
        let source: String
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let set = try await context.routing.settings(of: app)
        let declared = try await context.releases.live(of: app.id)?.product.routing ?? RoutingSettings()
        let (own, others) = (RoutingWords.all(of: set), RoutingWords.all(of: declared))
        var entries = RoutingWords.keys.keys.sorted().map { key in
            Entry(
                key: key, value: own[key] ?? others[key],
                source: own[key] != nil ? "set" : others[key] != nil ? "repository" : "default")
        }
        if let snippet = set.snippet { entries.append(Entry(key: "snippet", value: snippet, source: "set")) }
        try await context.list(
            entries, asJSON: json, header: ["KEY", "VALUE", "FROM"], none: "nothing is set"
        ) { entry in
            [entry.key, (entry.value ?? "-").escaped, entry.source]
        }
    }
}

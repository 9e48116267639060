import ArgumentParser
import Platform

struct AppsInfo: Verb {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show an app.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entry = AppEntry(app, live: try await context.releases.live(of: app.id), address: context.address(app.name))
        try await context.show(
            entry, asJSON: json,
            properties: [
                ("name", entry.name), ("owner", entry.owner), ("address", entry.address),
                ("deploy branch", entry.deployBranch ?? "(that of the first deployment)"),
                ("release", entry.release.map { "v\($0)" } ?? "none yet"), ("commit", entry.commit),
                ("created", entry.createdAt.minute),
            ])
    }
}

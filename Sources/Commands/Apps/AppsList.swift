import ArgumentParser
import Platform

struct AppsList: Verb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the apps you have access to.")

    @Option(help: "Only those of this owner.")
    var owner: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        var entries: [AppEntry] = []
        for app in try await context.apps.list(visibleTo: context.caller)
        where owner == nil || app.owner.description == owner {
            entries.append(
                AppEntry(app, live: try await context.releases.live(of: app.id), address: context.address(app.name)))
        }
        try await context.list(
            entries, asJSON: json, header: ["NAME", "OWNER", "RELEASE", "ADDRESS"],
            none: "no apps yet; push one, or 'apps create NAME'"
        ) { [$0.name, $0.owner, $0.release.map { "v\($0)" } ?? "-", $0.address] }
    }
}

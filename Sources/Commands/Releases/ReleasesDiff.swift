import ArgumentParser
import Platform

struct ReleasesDiff: Verb {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what differs between two releases; of config, the names only.",
        discussion: "By default what the live one changed; with one release, what differs from it to the live one.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The older release, such as v3; by default the one that served before the live one.")
    var old: ReleaseNumber?

    @Argument(help: "The newer release; by default the live one.")
    var new: ReleaseNumber?

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let (old, new) = try await releases(of: app, context)
        let difference = ReleaseDifference(
            from: old, config: try context.config.variables(of: old), to: new,
            config: try context.config.variables(of: new))
        let distance =
            old.commit == new.commit ? nil : try await context.commits.distance(app, old.commit, new.commit)
        try await context.list(
            difference.changes(distance: distance), asJSON: json, header: ["WHAT", "CHANGE", "FROM", "TO"],
            none: "v\(old.number) and v\(new.number) of '\(app.name)' do not differ"
        ) { [$0.what.escaped, $0.change, ($0.from ?? "").escaped, ($0.to ?? "").escaped] }
    }

    private func releases(of app: App, _ context: CommandContext) async throws -> (Release, Release) {
        let newer: Release
        if let new {
            newer = try await context.releases.find(new.number, of: app)
        } else {
            newer = try await context.live(app)
        }
        if let old { return (try await context.releases.find(old.number, of: app), newer) }
        guard let before = try await context.releases.served(before: newer.number, of: app) else {
            throw Refusal("v\(newer.number) is the first release of '\(app.name)' that served; name another")
        }
        return (before, newer)
    }
}

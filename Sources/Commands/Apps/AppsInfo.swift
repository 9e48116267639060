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
        if json { return try await context.list([entry], asJSON: true, header: [], none: "") { _ in [] } }
        try await context.print("name           \(entry.name)")
        try await context.print("owner          \(entry.owner)")
        try await context.print("address        \(entry.address)")
        try await context.print("deploy branch  \(entry.deployBranch ?? "(that of the first deployment)")")
        try await context.print("release        \(entry.release.map { "v\($0)" } ?? "none yet")")
        if let commit = entry.commit { try await context.print("commit         \(commit)") }
        try await context.print("created        \(entry.createdAt.minute)")
    }
}

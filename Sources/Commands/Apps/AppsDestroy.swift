import ArgumentParser
import Platform

struct AppsDestroy: Verb {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Remove an app with its repository, releases, containers and volumes (maintainers).",
        discussion: """
            With --archive a tar file stays on the server, readable for its admins: the repository, the files of the volumes, \
            and as JSON everything that was set, with the names of config variables but not their values: copy those first \
            ('config list APP --reveal'). An app with volumes must be stopped for that ('ps stop APP'); what still ends is waited for.
            """)

    @Argument(help: "The app's name.")
    var app: String

    @Option(help: "The app's name once more: it cannot be brought back.")
    var confirm: String?

    @Flag(help: "Keep a file with all that the app had but the values of its config.")
    var archive = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        guard confirm == app.name.description else {
            throw Refusal(
                "this removes '\(app.name)' for good; if you mean it: apps destroy \(app.name) --confirm \(app.name)"
                    + (archive ? " --archive" : ""),
                exitStatus: 2)
        }
        if archive {
            if app.isStopped { try await context.say("archiving it, once its processes have ended") }
            let kept = try await context.upkeep.archive(app)
            try await context.record("apps.archive", "\(app.name) \(kept.path)")
            try await context.print("archived app '\(app.name)': \(kept.path) (\(ByteCount(kept.bytes).short))")
        }
        let loss = try await loss(of: app, context)
        try await context.apps.destroy(app)
        try await context.record("apps.destroy", app.name.description)
        try await context.print("destroyed app '\(app.name)': \(loss)")
        try await context.say(
            "its containers, networks, volumes, images and files go within a minute while the daemon runs")
        try await context.route(app)
    }

    /// What goes with it, such as `3 releases, 1 volume, 2 domains`.
    private func loss(of app: App, _ context: CommandContext) async throws -> String {
        let counts = [
            (try await context.releases.list(of: app, limit: 1).first?.number ?? 0, "release"),
            (try await context.volumes.list(of: app).count, "volume"),
            (try await context.domains.list(of: app).count, "domain"),
            (try await context.ports.list(of: app).count, "published port"),
            (try await context.config.names(of: app).count, "config variable"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        return words.isEmpty ? "it had nothing" : words.joined(separator: ", ")
    }
}

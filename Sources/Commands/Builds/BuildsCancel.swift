import ArgumentParser
import Platform

struct BuildsCancel: Verb {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a build that waits or runs, and its deployment if that has not switched yet."
    )

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The build's number; by default what runs, else what waits.")
    var build: Int?

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let unfinished = try await context.builds.list(of: app, limit: 100).filter { $0.finishedAt == nil }
        let going = unfinished.first { $0.status == .running } ?? unfinished.first
        let build = try await context.builds.find(build ?? going?.number, of: app)
        guard try await context.builds.cancel(build.id, by: context.caller.name) else {
            throw Refusal("build \(build.number) of '\(app.name)' has ended already: \(build.status.rawValue)")
        }
        try await context.record("builds.cancel", "\(app.name) \(build.number)")
        // Somebody else's line of the log must not be the last word: it may have gone live this moment.
        let ended = try await context.feed.follow(build.id) { _ in }
        try await context.say("\(build.name) of '\(app.name)': \((ended ?? build).status.rawValue)")
    }
}

import ArgumentParser
import Platform

struct BuildsCache: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "What an app's builds keep for the next one.", subcommands: [Clear.self])

    struct Clear: Verb {
        static let configuration = CommandConfiguration(
            commandName: "clear", abstract: "Forget it: the next build begins with nothing.")

        @Argument(help: "The app's name.")
        var app: String

        func run(in context: CommandContext) async throws {
            let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
            if let running = try await context.builds.list(of: app, limit: 10).first(where: { $0.stage == .building }) {
                throw Refusal(
                    "build \(running.number) of '\(app.name)' uses it; wait for its end, or 'builds cancel' it")
            }
            let bytes = try await context.clearCache(app)
            try await context.record("builds.cache.clear", app.name.description)
            try await context.say("forgot \(bytes >> 20) MiB; the next build of '\(app.name)' begins with nothing")
        }
    }
}

import ArgumentParser
import Platform

struct BuildsLog: Verb {
    static let configuration = CommandConfiguration(commandName: "log", abstract: "Print a build's log.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The build's number; by default the newest.")
    var build: Int?

    @Flag(name: [.customShort("f"), .long], help: "Go on until the build has ended.")
    var follow = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let build = try await context.builds.find(build, of: app)
        if follow { return try await context.follow(build, of: app) }
        var next = 0
        while case let lines = try await context.logs.lines(of: build.id, from: next), !lines.isEmpty {
            for line in lines { try await context.print(line.text) }
            next += lines.count
        }
        try await context.say("build \(build.number) of '\(app.name)': \(build.status.rawValue)")
    }
}

extension CommandContext {
    /// Prints every line of a build's log until it has ended, and how. Where another does what it was to do, goes on with
    /// that.
    ///
    /// - Throws: `Refusal` with exit status 1 when it did not succeed.
    func follow(_ build: Build, of app: App) async throws {
        let ended = try await feed.follow(build.id) { try await print($0.text) }
        guard let ended else { throw Refusal.unknownApp(app.name.description) }
        let text = "\(ended.name) of '\(app.name)': \(ended.status.rawValue)"
        if ended.status == .superseded, ended.intent?.isCoveredByLater == true {
            let next = try await successor(of: ended, of: app)
            try await say("\(text) by \(next.name), which does it as well")
            return try await follow(next, of: app)
        }
        guard ended.status == .succeeded else { throw Refusal(text) }
        try await say(text)
    }

    /// What took the place of a refresh in the queue.
    private func successor(of build: Build, of app: App) async throws -> Build {
        let later = try await builds.list(of: app, limit: 100).filter { $0.number > build.number }
        let next = later.last { $0.intent.map { $0.needsBuild && $0.canary == nil || $0.isCoveredByLater } ?? true }
        guard let next else { throw Refusal("\(build.name) of '\(app.name)': \(build.status.rawValue)") }
        return next
    }
}

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
        var build = try await context.builds.find(build, of: app)
        var next = 0
        while true {
            // The state is read before the lines: once it is final, no line can come after those read here.
            build = try await context.builds.find(build.number, of: app)
            while case let lines = try await context.builds.log(of: build.id, from: next, limit: 500), !lines.isEmpty {
                for line in lines { try await context.print(line.text) }
                next += lines.count
            }
            guard follow, !build.status.isFinal else { break }
            try await Task.sleep(for: .milliseconds(300))
        }
        try await context.say("build \(build.number) of '\(app.name)': \(build.status.rawValue)")
    }
}

import ArgumentParser
import Platform

struct BuildsRetry: Verb {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Do what a build did again, with today's configuration.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The build's number; by default the newest.")
    var build: Int?

    @Flag(help: "Run cached steps again.")
    var noCache = false

    @Flag(help: "Do not wait for it.")
    var detach = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let former = try await context.builds.find(build, of: app)
        guard former.finishedAt != nil else {
            throw Refusal(
                "build \(former.number) of '\(app.name)' is \(former.status.rawValue); 'builds log \(app.name) -f' follows it"
            )
        }
        var request = BuildRequest(branch: former.branch, commit: former.commit, user: context.caller.name)
        request.message = former.message
        request.intent = former.intent
        request.intent?.isAutomatic = false
        request.source = context.caller.source
        request.key = context.caller.keyFingerprint
        request.noCache = noCache
        // The daemon finds it in the queue, and takes it to its end whoever watches.
        request.isDetached = true
        let build = try await context.builds.enqueue(request, for: app)
        try await context.wake()
        try await context.record("builds.retry", "\(app.name) \(former.number)")
        try await context.say("\(build.name) of '\(app.name)' is queued: \(build.what)")
        if !detach { try await context.follow(build, of: app) }
    }
}

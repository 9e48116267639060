import ArgumentParser
import Platform

struct DeployCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a commit, or what is live with today's config (deployers).",
        discussion: """
            Without a commit nothing is built: the live release's image gets today's config in a new release. With a branch, \
            a tag or a commit that was pushed, that is built and deployed, and the deploy branch moves to it.
            """)

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "A branch, a tag, or at least 7 digits of a commit.")
    var commit: String?

    @Option(help: "Give it this share of the requests, 1-99 %; 'promote' gives it all, 'abort' none.")
    var canary: Int?

    @Option(name: [.short, .long], help: "What to say of it.")
    var message: String?

    @Flag(help: "Run cached steps again.")
    var noCache = false

    @OptionGroup var flags: RunFlags

    func validate() throws {
        if let canary, !(1...99).contains(canary) { throw ValidationError("--canary takes 1-99, in percent") }
        if noCache, commit == nil { throw ValidationError("--no-cache needs a commit: without one nothing is built") }
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        if canary != nil { try await checkCanary(of: app, context) }
        guard let commit else { return try await redeploy(app, context) }
        guard let found = try await context.commits.resolve(app, commit) else {
            throw Refusal(
                "app '\(app.name)' has no branch, tag or commit '\(String(commit.prefix(60)).escaped)'; push it first")
        }
        // The deploy branch says what is live, hence it moves to whatever goes live.
        guard let branch = app.deployBranch ?? found.branch else {
            throw Refusal("app '\(app.name)' has no deploy branch yet; push a branch, or name one instead of a commit")
        }
        var request = BuildRequest(branch: branch, commit: found.commit, user: context.caller.name)
        request.message = message
        request.noCache = noCache
        if canary != nil || found.branch != branch {
            request.intent = DeployIntent(.deploy, summary: summary("deploy \(name(found))"), canary: canary)
        }
        try await context.start(request, of: app, action: "deploy", isDetached: flags.detach)
    }

    private func redeploy(_ app: App, _ context: CommandContext) async throws {
        let live = try await context.live(app)
        try await context.start(
            DeployIntent(
                .deploy, product: live.number, summary: summary("deploy v\(live.number) again"), canary: canary,
                isRefresh: true),
            of: app, like: live, message: message, action: "deploy", isDetached: flags.detach)
    }

    private func checkCanary(of app: App, _ context: CommandContext) async throws {
        let live = try await context.live(app)
        guard live.product.site == nil else {
            throw Refusal("app '\(app.name)' is a site: it has no processes that could share requests")
        }
        if let other = try await context.releases.canary(of: app.id) {
            throw Refusal(
                "app '\(app.name)' has the canary v\(other.number) with \(other.weight ?? 0) % of the requests; "
                    + "'promote \(app.name)' or 'abort \(app.name)' ends that")
        }
    }

    private func name(_ found: (branch: String?, commit: String)) -> String {
        found.branch?.escaped ?? String(found.commit.prefix(7))
    }

    private func summary(_ text: String) -> String { text + (canary.map { ", canary \($0) %" } ?? "") }
}

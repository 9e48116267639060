import ArgumentParser
import Platform

struct RollbackCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Make a new release from an old one, without a build (deployers).",
        discussion: """
            By default from the one that served before the live one: its image, its config, its commit. Its config is \
            today's from then on; only what is staged stays so, as 'config list' marks it, for the next deploy.
            """)

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The release, such as v3.")
    var release: ReleaseNumber?

    @Flag(help: "Keep the image that is live.")
    var configOnly = false

    @Flag(help: "Keep today's config.")
    var imageOnly = false

    @OptionGroup var flags: RunFlags

    func validate() throws {
        if configOnly, imageOnly { throw ValidationError("--config-only and --image-only together leave nothing") }
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let live = try await context.live(app)
        let target = try await target(of: app, live, context)
        guard configOnly || !target.isRemoved else {
            throw Refusal(
                "what v\(target.number) was built as has been removed, since later releases took its place; "
                    + "'deploy \(app.name) \(target.commit.prefix(7))' builds its commit again")
        }
        try await context.start(
            intent(to: target, from: live), of: app, like: configOnly ? live : target, action: "rollback",
            isDetached: flags.detach)
    }

    private func intent(to target: Release, from live: Release) -> DeployIntent {
        if configOnly {
            return DeployIntent(
                .deploy, product: live.number, config: target.number,
                summary: "rollback of config to v\(target.number)",
                isRefresh: true)
        }
        return DeployIntent(
            .deploy, product: target.number, config: imageOnly ? nil : target.number,
            summary: "rollback \(imageOnly ? "of image " : "")to v\(target.number)")
    }

    private func target(of app: App, _ live: Release, _ context: CommandContext) async throws -> Release {
        guard let release else {
            guard let before = try await context.releases.served(before: live.number, of: app) else {
                throw Refusal(
                    "v\(live.number) is the first release of '\(app.name)' that served; there is none to go back to")
            }
            return before
        }
        let target = try await context.releases.find(release.number, of: app)
        guard target.status != .live else {
            throw Refusal(
                "v\(target.number) is live; 'ps restart \(app.name)' starts its processes anew, 'deploy \(app.name)' "
                    + "gives it today's config")
        }
        guard target.status == .retired || target.liveAt != nil else {
            throw Refusal(
                "v\(target.number) never served: it is \(target.status.rawValue); 'deploy \(app.name) "
                    + "\(target.commit.prefix(7))' tries its commit again")
        }
        return target
    }
}

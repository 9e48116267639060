import ArgumentParser
import Platform

struct AppsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change an app's settings (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Option(help: "The branch whose pushes deploy.")
    var deployBranch: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        guard !deployBranch.isEmpty, deployBranch.utf8.count <= 200, deployBranch == deployBranch.escaped,
            !deployBranch.contains(" "), !deployBranch.hasPrefix("refs/")
        else { throw Refusal("'\(deployBranch.escaped)' is not a branch name; write it like 'main'", exitStatus: 2) }
        try await context.apps.setDeployBranch(deployBranch, of: app)
        try await context.record("apps.set", "\(app.name) deploy-branch=\(deployBranch)")
        try await context.print("pushes to '\(deployBranch)' deploy app '\(app.name)' from now on")
    }
}

import Git
import GitWire
import Pipeline
import Platform

/// A push to an app: its deploy branch moves by going live, everything else is stored.
struct DeployPolicy: PushPolicy {
    let app: App
    let repository: String
    let pipeline: Pipeline
    let notices: Notices
    let caller: Caller

    /// The deploy branch if it is pushed. Before the first deployment: `main`, else `master`, else the only branch.
    func deploying(_ commands: [Command]) -> Command? {
        let branches = commands.filter { $0.name?.isBranch == true && !$0.new.isZero }
        if let branch = app.deployBranch { return branches.first { $0.name?.branchName == branch } }
        return branches.first { $0.name?.branchName == "main" } ?? branches.first { $0.name?.branchName == "master" }
            ?? (branches.count == 1 ? branches.first : nil)
    }

    func protectsFromDeletion(_ name: ReferenceName) -> Bool {
        name.branchName != nil && name.branchName == app.deployBranch
    }

    func remark(onStored names: [ReferenceName]) -> String? {
        guard !names.isEmpty else { return nil }
        let stored = names.count == 1 ? "'\(names[0].text)' is stored" : "\(names.count) references are stored"
        guard let branch = app.deployBranch else {
            return "-----> \(stored); nothing deploys yet: push the branch that shall, such as main, alone"
        }
        return "-----> \(stored); only '\(branch)' deploys: push to it with 'git push REMOTE HEAD:\(branch)'"
    }

    func deploy(
        _ commit: ObjectID, _ command: Command, updates: [ReferenceUpdate], options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        guard let branch = command.name else { return }
        if app.deployBranch == nil, let name = branch.branchName {
            try await say("-----> '\(name)' becomes the deploy branch of \(app.name)")
        }
        let run = try await pipeline.submit(
            DeployRequest(
                app: app, repository: repository, branch: branch, commit: commit, updates: updates, user: caller.name,
                message: options.message, noCache: options.noCache))
        if options.detach {
            try await say(
                "-----> Detached: build \(run.build.number) goes on when you leave; 'builds log \(app.name)' shows it")
        }
        try await follow(run, detached: options.detach, say: say)
        if case .failure(let failure) = await run.outcome() { throw PushRejection(failure.summary) }
    }

    /// Shows the run's lines to its end. A pusher who leaves takes the run along, unless they detached.
    private func follow(_ run: Run, detached: Bool, say: @escaping @Sendable (String) async throws -> Void) async throws
    {
        do {
            try await withTaskCancellationHandler {
                async let _: Void = relayNotices(to: say)
                try await run.follow { try await say($0.text) }
            } onCancel: {
                if !detached { run.cancel() }
            }
        } catch {
            if !detached { run.cancel() }
            throw error
        }
    }

    private func relayNotices(to say: @Sendable (String) async throws -> Void) async throws {
        for await line in await notices.lines() { try await say(line) }
    }
}

import Foundation
import Git
import GitWire
import Logging
import Pipeline
import Platform

/// A push to an app: its deploy branch moves by going live, everything else is stored.
struct DeployPolicy: PushPolicy {
    let app: App
    let repository: String
    let pipeline: Pipeline
    let notices: Notices
    let caller: Caller
    let hooks: PushHooks
    /// How the app stands, as to a commit.
    let situation: @Sendable (App, ObjectID) async throws -> PushSituation
    /// Set once somebody asked what the push would change.
    let planned: PlanMark
    let logger: Logger

    /// The deploy branch if it is pushed. Before the first deployment: `main`, else `master`, else the only branch.
    func deploying(_ updates: [ReferenceUpdate]) -> ReferenceUpdate? {
        let branches = updates.filter { $0.name.isBranch && !$0.isDeletion }
        if let branch = app.deployBranch { return branches.first { $0.name.branchName == branch } }
        return branches.first { $0.name.branchName == "main" } ?? branches.first { $0.name.branchName == "master" }
            ?? (branches.count == 1 ? branches.first : nil)
    }

    func protectsFromDeletion(_ name: ReferenceName) -> Bool {
        name.branchName != nil && name.branchName == app.deployBranch
    }

    func remark(onStored names: [ReferenceName]) -> String? {
        guard !names.isEmpty else { return nil }
        let stored = names.count == 1 ? "'\(names[0].text.escaped)' is stored" : "\(names.count) references are stored"
        guard let branch = app.deployBranch else {
            return "-----> \(stored); nothing deploys yet: choose a branch with 'git push REMOTE BRANCH:main'"
        }
        return
            "-----> \(stored); only '\(branch.escaped)' deploys: push to it with 'git push REMOTE BRANCH:\(branch.escaped)'"
    }

    func deploy(
        _ update: ReferenceUpdate, updates: [ReferenceUpdate], options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        let branch = update.name
        if app.deployBranch == nil, let name = branch.branchName {
            try await say("-----> '\(name.escaped)' becomes the deploy branch of \(app.name)")
        }
        let run = try await submit(update.new, branch, updates, options, say: say)
        if options.detach {
            let number = run.build.number
            try await say("-----> Detached: build \(number) goes on when you leave; 'builds log \(app.name)' shows it")
        }
        do {
            try await follow(run, detached: options.detach, say: say)
        } catch {
            if options.detach { tellHooks(of: updates, options, onceLive: run) }
            throw error
        }
        if case .failure(let failure) = await run.outcome() { throw PushRejection(failure.summary) }
    }

    private func submit(
        _ commit: ObjectID, _ branch: ReferenceName, _ updates: [ReferenceUpdate], _ options: PushOptions,
        say: @Sendable (String) async throws -> Void
    ) async throws -> Run {
        do {
            return try await pipeline.submit(
                DeployRequest(
                    app: app, repository: repository, branch: branch, commit: commit, updates: updates,
                    user: caller.name, key: caller.keyFingerprint, source: caller.source,
                    message: options.message, noCache: options.noCache, isDetached: options.detach))
        } catch let refusal as Refusal {
            try await say(" !     \(refusal)")
            throw PushRejection("refused")
        } catch {
            if Task.isCancelled { throw error }
            let incident = UUID().text.prefix(8)
            logger.error(
                "cannot queue a build",
                metadata: ["incident": "\(incident)", "app": "\(app.name)", "error": "\(error)"])
            try await say(" !     something failed on the server; tell the admin: incident \(incident)")
            throw PushRejection("internal error")
        }
    }

    /// The pusher cannot be told anything any more.
    private struct PusherLeft: Error {}

    /// Shows the run's lines to its end. A pusher who leaves takes the run along, unless they detached.
    private func follow(
        _ run: Run, detached: Bool, say: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        do {
            try await withTaskCancellationHandler {
                async let _: Void = relayNotices(to: say)
                try await run.follow { line in
                    do { try await say(line.text) } catch { throw PusherLeft() }
                }
            } onCancel: {
                if !detached { run.cancel() }
            }
        } catch {
            if error is PusherLeft || Task.isCancelled {
                if !detached { run.cancel() }
                throw error
            }
            // Its lines cannot be read, but it goes on, and how it ends is what the push is about.
            logger.error("cannot follow a build", metadata: ["build": "\(run.build.id.text)", "error": "\(error)"])
        }
    }

    /// The push is over, but its references move when the run goes live.
    private func tellHooks(of updates: [ReferenceUpdate], _ options: PushOptions, onceLive run: Run) {
        Task {
            guard case .success = await run.outcome() else { return }
            await hooks.postReceive(updates, repository: repository, options: options.texts) { _ in }
        }
    }

    private func relayNotices(to say: @Sendable (String) async throws -> Void) async throws {
        for await line in await notices.lines() { try await say(line) }
    }
}

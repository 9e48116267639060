import Build
import Docker
import Foundation
import Git
import GitWire
import Hooks
import Logging
import Platform

/// One build, as its worker makes it.
struct BuildJob: Sendable {
    let build: Platform.Build
    let worker: BuildWorker
    let log: BuildLog

    /// Makes it, and puts into words why not. Its last line is kept when this returns.
    func perform() async -> BuildOutcome {
        let outcome: BuildOutcome
        do {
            outcome = try await make()
        } catch {
            outcome = await explain(error, wasCancelled: Task.isCancelled)
        }
        do {
            try await Task { try await log.finish() }.value
        } catch {
            worker.logger.error(
                "cannot keep a build's log", metadata: ["build": "\(build.id.text)", "error": "\(error)"])
        }
        return outcome
    }

    private func make() async throws -> BuildOutcome {
        guard let app = try await worker.apps.find(id: build.appID),
            let request = DeployRequest(build, of: app, repository: "\(worker.repositories)/\(app.repositoryName)")
        else { throw BuildError("the app was destroyed meanwhile") }
        // A stale push is told now, not after its build.
        _ = try await RunReferences(repository: request.repository).current(request.updates)
        let hooks = DeployHooks(worker.hooks, request, build, address: worker.address)
        try await hooks.beforeBuild { await log.detail($0) }
        let source = BuildSource(
            app: app, number: build.number, commit: request.commit, repository: request.repository,
            noCache: request.noCache, variables: try await worker.config.values(of: app, for: .build),
            variableNames: try await worker.config.namesForProcesses(of: app))
        return try await worker.builder.build(
            source, settings: worker.buildSettings.settings(of: app), serving: serving(app), log: log)
    }

    /// The commit that serves; nil when none does, or not from the branch that is built.
    private func serving(_ app: App) async throws -> ObjectID? {
        guard let live = try await worker.releases.live(of: app.id), live.branch == build.branch else { return nil }
        return ObjectID(live.commit)
    }

    private func explain(_ error: any Error, wasCancelled: Bool) async -> BuildOutcome {
        if wasCancelled {
            return .failed(summary: "build failed", reason: "its worker was stopped; 'builds retry' tries again")
        }
        switch error {
        case let failure as RunFailure: return .failed(summary: failure.summary, reason: failure.description)
        case let error as BuildError:
            for line in (error.hint ?? "").split(separator: "\n") { await log.detail(String(line).escaped) }
            return .failed(summary: "build failed", reason: "build failed: \(error.description.escaped)")
        case let error as Refusal: return .failed(summary: "refused", reason: error.text)
        case let error as DockerError where error.isUnavailable:
            worker.logger.error("build failed", metadata: ["build": "\(build.id.text)", "error": "\(error)"])
            return .failed(summary: "Docker is away", reason: RunExplanation.withoutDocker)
        default:
            let incident = UUID().text.prefix(8)
            worker.logger.error(
                "build failed", metadata: ["incident": "\(incident)", "build": "\(build.id.text)", "error": "\(error)"])
            return .failed(
                summary: "internal error",
                reason: "something failed on the server; tell the admin: incident \(incident)")
        }
    }
}

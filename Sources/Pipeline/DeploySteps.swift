import Build
import Deploy
import Foundation
import Git
import GitWire
import Logging
import Platform

/// The steps from a queued build to a live release.
struct DeploySteps: Sendable {
    let request: DeployRequest
    let build: Platform.Build
    let log: BuildLog
    let services: Pipeline.Services

    /// Takes every step, records how it ended, and leaves nothing behind of what did not.
    func perform() async -> Result<Release?, RunFailure> {
        let result: Result<Release?, RunFailure>
        do {
            result = .success(try await makeLive())
        } catch {
            let wasCancelled = Task.isCancelled
            result = .failure(await Task { await explain(error, wasCancelled: wasCancelled) }.value)
        }
        // A cancelled run cleans up all the same, hence a task of its own.
        await Task { await close(result) }.value
        return result
    }

    private func makeLive() async throws -> Release? {
        try await references.keep(request.commit, as: build)
        switch try await turn() {
        case .skip(let reason): return try await skip(reason)
        case .deploy(let product): return try await deploy(product)
        }
    }

    /// Waits for the product. A run that is cancelled meanwhile takes the build along.
    private func turn() async throws -> BuildTurn.Result {
        let turn = BuildTurn(build: build, app: request.app, log: log, services: services)
        do {
            return try await turn.wait()
        } catch {
            if Task.isCancelled { try await Task { try await turn.stop(by: request.user) }.value }
            throw error
        }
    }

    /// The branch moves all the same: what serves is what it names, as far as the app can tell.
    private func skip(_ reason: String) async throws -> Release? {
        try await references.apply(references.current(updates))
        let serving = try await services.releases.live(of: request.app.id).map { "; v\($0.number) goes on" } ?? ""
        await log.result("Nothing to deploy: \(reason)\(serving)")
        return nil
    }

    private func deploy(_ product: BuildProduct) async throws -> Release {
        let updates = try await references.current(updates)
        let release = try await services.releases.create(
            from: build, product: product, updates: ReferenceUpdate.encode(updates)
        ) { try await services.config.snapshot(of: request.app, in: $0) }
        do {
            if product.site == nil { try await startProcesses(of: release) }
            try Task.checkCancellation()
        } catch {
            await discard(release)
            throw error
        }
        // From here on only the machine can stop it: a client that leaves no longer matters.
        return try await Task { try await switchOver(to: release, updates) }.value
    }

    private func startProcesses(of release: Release) async throws {
        await log.step("Starting v\(release.number)")
        let process = try await services.processes.add(type: "web", index: 1, of: release)
        let address = try await services.deployer.start(process, of: release, app: request.app) { await log.detail($0) }
        try await services.processes.setRunning(process, at: address)
        await log.detail("web.1 is healthy")
    }

    private func switchOver(to release: Release, _ updates: [ReferenceUpdate]) async throws -> Release {
        guard try await services.releases.move(release, from: .starting, to: .switching) else {
            await discard(release)
            throw RunFailure(.failed, "release lost", "release v\(release.number) was changed by somebody else")
        }
        do {
            try await services.routes.refresh()
            try await references.apply(updates, for: release)
        } catch {
            await goBack(from: release)
            throw error
        }
        try await goLive(release)
        await log.result("v\(release.number) is live: \(services.address(request.app.name))")
        await tellHooks(of: release)
        return release
    }

    /// Whatever they make of it, the release serves.
    private func tellHooks(of release: Release) async {
        await attempt("tell hooks of a release") {
            guard try await !hooks.afterDeployment(of: release, say: { await log.detail($0) }) else { return }
            await log.problem("a post-deploy hook failed; v\(release.number) serves all the same")
        }
    }

    /// It serves already, so a database that is away for a moment must not make it look as if it did not.
    private func goLive(_ release: Release) async throws {
        for attempt in 1... {
            do {
                return try await services.releases.goLive(
                    release, drainUntil: Date(timeIntervalSinceNow: Double(services.drainSeconds)))
            } catch  where attempt < 10 {
                services.logger.warning(
                    "cannot note a live release yet", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Undoes a switch whose references could not move: what serves must be what the branch names.
    private func goBack(from release: Release) async {
        do {
            _ = try await services.releases.move(release, from: .switching, to: .failed)
            try await services.routes.refresh()
        } catch {
            // Its processes may still be routed. The reconciler goes on from what the database says.
            return services.logger.error(
                "cannot go back to the old routes", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
        }
        await discard(release)
    }

    /// Removes what was started for a release that will not go live.
    private func discard(_ release: Release) async {
        await Task {
            do {
                _ = try await services.releases.move(release, from: .starting, to: .failed)
                for process in try await services.processes.list(of: release) {
                    try await services.deployer.remove(process)
                    try await services.processes.setStopped(process)
                }
            } catch {
                // The reconciler removes processes of failed releases as well.
                services.logger.warning(
                    "cannot remove a failed release", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
            }
        }.value
    }

    /// Every step is tried, whatever became of the one before: above all the log must end, since the push follows it.
    private func close(_ result: Result<Release?, RunFailure>) async {
        await attempt("record a build's end") { try await references.forget(build) }
        if case .failure(let failure) = result { await log.problem(failure.description) }
        await attempt("keep a build's log") { try await log.finish() }
        await attempt("record a build's end") {
            switch result {
            case .success: try await services.builds.finish(build, .succeeded, reason: nil)
            case .failure(let failure):
                try await services.builds.finish(build, failure.status, reason: failure.description)
            }
        }
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            services.logger.error(
                "cannot \(what)", metadata: ["build": "\(build.id.text)", "error": "\(error)"])
        }
    }

    /// Puts an error into words for the pusher. What is not their fault is logged under an incident ID, and only that is shown.
    private func explain(_ error: any Error, wasCancelled: Bool) async -> RunFailure {
        if wasCancelled || error is CancellationError { return await cancellation() }
        switch error {
        case let failure as RunFailure: return failure
        case let error as DeployError:
            await show(error.lastLines)
            return RunFailure(.failed, "release failed", "release failed: \("\(error)".escaped)\(await fallback())")
        case let error as Refusal: return RunFailure(.failed, "refused", error.text)
        default:
            let incident = UUID().text.prefix(8)
            services.logger.error(
                "deployment failed",
                metadata: ["incident": "\(incident)", "app": "\(request.app.name)", "error": "\(error)"])
            return RunFailure(
                .failed, "internal error", "something failed on the server; tell the admin: incident \(incident)")
        }
    }

    /// Who asked for the end is known to the database, if anybody did.
    private func cancellation() async -> RunFailure {
        let user = try? await services.builds.find(id: build.id)?.cancelledBy
        return RunFailure(.cancelled, "cancelled", "cancelled\(user.map { " by \($0)" } ?? "") before it went live")
    }

    private func show(_ lines: [String]) async {
        guard !lines.isEmpty else { return await log.detail("web.1 printed nothing") }
        await log.result("Last output of web.1")
        for line in lines { await log.add(.app, "       " + ControlCharacters.neutralise(Array(line.utf8))) }
    }

    private func fallback() async -> String {
        guard let live = try? await services.releases.live(of: request.app.id) else { return "" }
        return "; v\(live.number) still serves"
    }

    private var hooks: DeployHooks { DeployHooks(services.hooks, request, build, address: services.address) }

    /// What was asked for; for a retry, whatever its branch is now moves to the commit.
    private var updates: [ReferenceUpdate] {
        get async throws {
            if !request.updates.isEmpty { return request.updates }
            return [try await references.update(of: request.branch, to: request.commit)]
        }
    }

    private var references: RunReferences { RunReferences(repository: request.repository) }
}

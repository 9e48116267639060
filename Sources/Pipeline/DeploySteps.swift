import Build
import Deploy
import Foundation
import Git
import GitWire
import Logging
import Platform

/// The steps of a run, from its place in the queue to its end.
struct DeploySteps: Sendable {
    let request: DeployRequest
    let build: Platform.Build
    let log: BuildLog
    let services: Pipeline.Services

    /// Takes every step, records how it ended, and leaves nothing behind of what did not.
    func perform() async -> Result<Release?, RunFailure> {
        let result: Result<Release?, RunFailure>
        do {
            result = .success(try await work())
        } catch {
            let wasCancelled = Task.isCancelled
            result = .failure(await Task { await explain(error, wasCancelled: wasCancelled) }.value)
        }
        // A cancelled run cleans up all the same, hence a task of its own.
        await Task { await close(result) }.value
        return result
    }

    private func work() async throws -> Release? {
        try await references.keep(request.commit, as: build)
        switch try await turn() {
        case .skip(let reason): return try await skip(reason)
        case .deploy(let product, let origin):
            return try await deploy(product, again: origin)
        case .act(let intent): return try await services.turns.changing(app.id) { try await act(intent) }
        }
    }

    /// Waits for the product. A run that is cancelled meanwhile takes the build along.
    private func turn() async throws -> BuildTurn.Result {
        let turn = BuildTurn(build: build, app: app, log: log, services: services)
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
        let serving = try await services.releases.live(of: app.id).map { "; v\($0.number) goes on" } ?? ""
        await log.result("Nothing to deploy: \(reason)\(serving)")
        return nil
    }

    private func deploy(_ product: BuildProduct, again origin: Release?) async throws -> Release {
        let updates = try await updates(for: origin)
        try await VariableCheck(app: app, config: services.config).perform(product, by: request.user, log: log)
        let rollout = try await rollout(of: try await create(product, again: origin, updates))
        do {
            return try await rollOut(rollout, updates)
        } catch {
            try await services.turns.changing(app.id) { await rollout.takeBack() }
            throw error
        }
    }

    /// An old process that dies while a release command takes its time comes back: only what changes the app's processes
    /// holds repairs up.
    private func rollOut(_ rollout: Rollout, _ updates: [ReferenceUpdate]) async throws -> Release {
        if !rollout.closesApp { try await rollout.runCommands() }
        return try await services.turns.changing(app.id) {
            if rollout.closesApp { try await rollout.runCommands() }
            try await rollout.startProcesses()
            try Task.checkCancellation()
            // From here on only the machine can stop it: a client that leaves no longer matters.
            return try await Task { try await finish(rollout, updates) }.value
        }
    }

    /// The deploy branch moves to the commit of a release that is made again, wherever it is now.
    private func updates(for origin: Release?) async throws -> [ReferenceUpdate] {
        guard let origin, let branch = ReferenceName.branch(origin.branch), let commit = ObjectID(origin.commit) else {
            return try await references.current(updates)
        }
        return [try await references.update(of: branch, to: commit)]
    }

    private func create(
        _ product: BuildProduct, again origin: Release?, _ updates: [ReferenceUpdate]
    ) async throws -> Release {
        try await services.releases.create(
            from: build, product: product, again: origin, updates: ReferenceUpdate.encode(updates),
            summary: request.intent?.summary
        ) { transaction in
            guard let number = request.intent?.config else {
                return try await services.config.snapshot(of: app, in: transaction)
            }
            return try await services.releases.find(number, of: app).config
        }
    }

    private func finish(_ rollout: Rollout, _ updates: [ReferenceUpdate]) async throws -> Release {
        let release = rollout.release
        if let share = request.intent?.canary {
            guard try await services.releases.makeCanary(release, share: share) else {
                throw RunFailure(.failed, "release lost", "release v\(release.number) was changed by somebody else")
            }
            do {
                try await services.routes.refresh()
            } catch {
                _ = try await services.releases.move(release, from: .canary, to: .starting)
                throw error
            }
            await log.result("v\(release.number) gets \(share) % of the requests; 'promote \(app.name)' gives it all")
            return release
        }
        let canary = try await services.releases.canary(of: app.id)
        try await rollout.switchOver(updates)
        if let canary {
            await log.detail("the canary v\(canary.number) has ended: v\(release.number) gets all requests")
        }
        await log.result("v\(release.number) is live: \(services.address(app.name))")
        await sayWhatVisitorsSee()
        for problem in services.routes.problems(of: app.name) { await log.problem(problem) }
        await tellHooks(of: release)
        return release
    }

    /// Live is not the same as seen.
    private func sayWhatVisitorsSee() async {
        await attempt("tell of a maintenance page") {
            guard try await services.routing.settings(of: app).isInMaintenance == true else { return }
            await log.detail("visitors see the maintenance page; 'maintenance off \(app.name)' ends it")
        }
    }

    /// What needs no product.
    private func act(_ intent: DeployIntent) async throws -> Release? {
        switch intent.action {
        case .promote, .abort:
            let steps = CanarySteps(request: request, build: build, log: log, services: services)
            guard intent.action == .promote else {
                try await steps.abort()
                return nil
            }
            let release = try await steps.promote(updates: references.current(updates))
            await tellHooks(of: release)
            return release
        case .arrange, .restart, .deploy:
            try await ArrangeSteps(app: app, intent: intent, log: log, services: services).perform()
            return nil
        }
    }

    private func rollout(of release: Release) async throws -> Rollout {
        Rollout(
            release: release, request: request, build: build, live: try await services.releases.live(of: app.id),
            log: log, services: services)
    }

    /// Whatever they make of it, the release serves.
    private func tellHooks(of release: Release) async {
        await attempt("tell hooks of a release") {
            guard try await !hooks.afterDeployment(of: release, say: { await log.detail($0) }) else { return }
            await log.problem("a post-deploy hook failed; v\(release.number) serves all the same")
        }
    }

    /// Every step is tried, whatever became of the one before: above all the log must end, since the push follows it.
    private func close(_ result: Result<Release?, RunFailure>) async {
        await attempt("record a build's end") { try await references.forget(build) }
        if case .failure(let failure) = result { await log.problem(failure.description) }
        await attempt("note how a run ended") { try await note(result) }
        await attempt("keep a build's log") { try await log.finish() }
        await attempt("record a build's end") {
            switch result {
            case .success: try await services.builds.finish(build, .succeeded, reason: nil)
            case .failure(let failure):
                try await services.builds.finish(build, failure.status, reason: failure.description)
            }
        }
    }

    /// In the audit trail. What the build printed is no part of it.
    private func note(_ result: Result<Release?, RunFailure>) async throws {
        let words =
            switch result {
            case .success(let release):
                release.map { "v\($0.number) is \(request.isCanary ? "a canary" : "live")" } ?? "done"
            case .failure(let failure): "\(failure.status.rawValue): \(failure.summary)"
            }
        try await services.events.record(
            "deploy", "\(app.name) \(build.name): \(build.what)", of: app.id, by: request.user,
            from: request.source,
            result: words)
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            services.logger.error(
                "cannot \(what)", metadata: ["build": "\(build.id.text)", "error": "\(error)"])
        }
    }

    private func explain(_ error: any Error, wasCancelled: Bool) async -> RunFailure {
        await RunExplanation(build: build, app: app, log: log, services: services)
            .failure(error, wasCancelled: wasCancelled)
    }

    private var app: App { request.app }

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

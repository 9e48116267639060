import Build
import Foundation
import Platform

/// The time between a build's being queued and its product: a worker makes it, or it was made before.
struct BuildTurn: Sendable {
    /// What there is to deploy.
    enum Result: Sendable {
        case deploy(BuildProduct, again: Release?)
        /// Nothing is to be deployed, but something else is to be done.
        case act(DeployIntent)
        /// Nothing has changed; the reason says what was looked at.
        case skip(String)
    }

    let build: Platform.Build
    let app: App
    let log: BuildLog
    let services: Pipeline.Services

    /// Waits until the run may go on, saying for what.
    ///
    /// - Throws: `RunFailure` when there is no product; `CancellationError`.
    func wait() async throws -> Result {
        let ready = try await readyMade()
        var said: String?
        for await _ in await services.feed.changes(of: build.id) {
            guard let now = try await services.builds.find(id: build.id) else {
                throw RunFailure(.failed, "app destroyed", "the app was destroyed meanwhile")
            }
            if let ready, now.status == .queued {
                if try await services.builds.startDeploying(now, product: ready.product) {
                    return try await current(ready)
                }
            } else if let result = try await result(of: now) {
                return result
            }
            if now.status == .queued { said = try await say(after: said) }
        }
        throw CancellationError()
    }

    /// What can be done without a worker; nil when one has to build first, which it may from then on.
    private func readyMade() async throws -> Result? {
        if let intent = build.intent, !intent.needsBuild {
            guard intent.action == .deploy else { return .act(intent) }
            guard let release = try await services.releases.source(of: intent, for: app) else {
                throw RunFailure(.failed, "nothing is live", "app '\(app.name)' has no live release; push to it first")
            }
            return .deploy(try await product(of: release), again: release)
        }
        let configHash = try await services.configHash(app)
        if let made = try await reusable(configHash) { return .deploy(made, again: nil) }
        try await services.builds.makeReady(build, configHash: configHash)
        return nil
    }

    /// A push may have gone live while this waited: a refresh is of that, and a way back from what was live is of no use.
    private func current(_ ready: Result) async throws -> Result {
        guard let live = try await services.releases.live(of: app.id) else { return ready }
        if let former = build.intent?.former, former != live.number {
            throw RunFailure(.superseded, "superseded", "v\(live.number) has taken the place of v\(former) by now")
        }
        guard build.intent?.isRefresh == true else { return ready }
        return .deploy(live.product, again: live)
    }

    /// What an earlier release holds.
    private func product(of release: Release) async throws -> BuildProduct {
        let (product, number) = (release.product, release.number)
        guard try await services.isThere(product) else {
            throw RunFailure(
                .failed, "image removed",
                "the \(product.site == nil ? "image" : "site") of v\(number) was removed; 'builds list \(app.name)' shows "
                    + "the build that made it, and 'builds retry' makes it again")
        }
        return product
    }

    /// Asks for the end of the build, and waits until its worker has ended it.
    func stop(by user: String) async throws {
        _ = try await services.builds.cancel(build.id, by: user)
        for await _ in await services.feed.changes(of: build.id) {
            guard let now = try await services.builds.find(id: build.id), now.stage == .building else { return }
            try await services.builds.giveUpIfLost(now)
        }
    }

    /// What the state of a build means for its run; nil while it is to wait.
    private func result(of now: Platform.Build) async throws -> Result? {
        switch (now.status, now.stage) {
        case (.queued, _): return nil
        case (.running, let stage) where stage != .building && now.cancelledBy != nil: throw CancellationError()
        case (.running, .building):
            try await services.builds.giveUpIfLost(now)
            return nil
        case (.running, _):
            if now.isSkipped { return .skip(now.reason ?? "nothing has changed") }
            guard let product = now.product else {
                throw RunFailure(.failed, now.summary ?? "build failed", now.reason ?? "the build made nothing")
            }
            // One that was cancelled the moment it was built cannot begin.
            return try await services.builds.startDeploying(now, product: product) ? .deploy(product, again: nil) : nil
        default: throw RunFailure(now.status, now.status.rawValue, now.reason ?? now.status.rawValue)
        }
    }

    /// What an earlier build made of the same commit and configuration; nil when it is not there, or not wanted.
    private func reusable(_ configHash: String) async throws -> BuildProduct? {
        guard build.status == .queued, !build.noCache,
            let earlier = try await services.builds.made(from: build.commit, configHash, of: app),
            earlier.id != build.id, let product = earlier.product, try await services.isThere(product)
        else { return nil }
        await log.step(
            "Using the \(product.site == nil ? "image" : "site") of build \(earlier.number): same commit, same configuration"
        )
        return product
    }

    /// Says what the build waits for, unless that was said; times and places that merely pass are not said again.
    ///
    /// - Returns: what has been said by now, without its figures.
    private func say(after said: String?) async throws -> String? {
        guard let obstacle = try await services.builds.obstacle(of: build) else { return said }
        let isFree = obstacle.ahead == nil && obstacle.running == 0
        let gist = obstacle.ahead.map { "build \($0.number)" } ?? "place \(obstacle.position)"
        guard gist != said, !isFree else { return said }
        await log.step(obstacle.description.prefix(1).uppercased() + obstacle.description.dropFirst())
        return gist
    }
}

extension BuildTurn.Result {
    fileprivate var product: BuildProduct? {
        if case .deploy(let product, _) = self { product } else { nil }
    }
}

import Build
import Foundation
import Platform

/// The time between a build's being queued and its product: a worker makes it, or it was made before.
struct BuildTurn: Sendable {
    /// What there is to deploy.
    enum Result: Sendable {
        case deploy(BuildProduct)
        /// Nothing has changed; the reason says what was looked at.
        case skip(String)
    }

    let build: Platform.Build
    let app: App
    let log: BuildLog
    let services: Pipeline.Services

    /// Waits until the build may be deployed, saying for what.
    ///
    /// - Throws: `RunFailure` when there is no product; `CancellationError`.
    func wait() async throws -> Result {
        let configHash = try await services.configHash(app)
        let made = try await reusable(configHash)
        if made == nil { try await services.builds.makeReady(build, configHash: configHash) }
        var said: String?
        for await _ in await services.feed.changes(of: build.id) {
            guard let now = try await services.builds.find(id: build.id) else {
                throw RunFailure(.failed, "app destroyed", "the app was destroyed meanwhile")
            }
            if let made, now.status == .queued {
                if try await services.builds.startDeploying(now, product: made) { return .deploy(made) }
            } else if let result = try await result(of: now) {
                return result
            }
            if now.status == .queued { said = try await say(after: said) }
        }
        throw CancellationError()
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
            return try await services.builds.startDeploying(now, product: product) ? .deploy(product) : nil
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

import Build
import Foundation
import Git
import Platform

/// The steps that end a canary: it takes over, or it goes away.
struct CanarySteps: Sendable {
    let request: DeployRequest
    let build: Platform.Build
    let log: BuildLog
    let services: Pipeline.Services

    /// Starts what the canary lacks as a whole release, and makes it the live one.
    ///
    /// - Throws: when it has none, or a process does not become healthy; the canary goes on as it was then.
    func promote(updates: [ReferenceUpdate]) async throws -> Release {
        let canary = try await canary()
        let rollout = Rollout(
            release: canary, request: request, build: build, live: try await services.releases.live(of: app.id),
            log: log, services: services)
        do {
            try await rollout.startProcesses()
            try Task.checkCancellation()
            try await Task { try await rollout.switchOver(updates) }.value
        } catch {
            await rollout.takeBack()
            throw error
        }
        await log.result("v\(canary.number) is live: \(services.address(app.name))")
        return canary
    }

    /// Gives all requests back to the live release.
    func abort() async throws {
        let canary = try await canary()
        let drain = { services.times.drainSeconds(of: $1, in: $0) } as (BuildProduct, String) -> Double
        guard try await services.releases.endCanary(canary, drain: drain) else { return }
        try await services.routes.refresh()
        services.wake()
        let live = try await services.releases.live(of: app.id).map { "v\($0.number)" } ?? "nothing"
        await log.result("v\(canary.number) is given up; \(live) gets all requests")
    }

    private func canary() async throws -> Release {
        guard let canary = try await services.releases.canary(of: app.id) else {
            throw RunFailure(
                .failed, "no canary",
                "app '\(app.name)' has no canary; 'deploy \(app.name) BRANCH --canary 10' starts one")
        }
        return canary
    }

    private var app: App { request.app }
}

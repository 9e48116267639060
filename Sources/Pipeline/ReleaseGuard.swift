import Deploy
import Foundation
import GitWire
import Logging
import Platform

/// Watches a release for a while after it went live, and goes back to the one before when it does not do well.
struct ReleaseGuard: Sendable {
    /// From one look to the next.
    private static let interval = Duration.seconds(2)
    /// How often the engine may start a process again before that is a crash loop.
    private static let mostRestarts = 3
    /// How many bad answers in a row are too many.
    private static let mostProblems = 3

    let release: Release
    let services: Pipeline.Services

    /// Watches until the time is over, the release is not the live one any more, or it gave way.
    func watch() async {
        guard let until = release.guardUntil else { return }
        var problems: [UUID: Int] = [:]
        var hasComplained = false
        while Date() < until, !Task.isCancelled {
            do {
                guard try await services.releases.live(of: release.appID)?.id == release.id,
                    let app = try await services.apps.find(id: release.appID)
                else { return }
                if let reason = try await reasonToGoBack(app, &problems) { return try await goBack(app, reason) }
                hasComplained = false
            } catch  where !hasComplained && !Task.isCancelled {
                hasComplained = true
                services.logger.warning(
                    "cannot watch a release", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
            } catch {
                services.logger.debug("still cannot watch a release", metadata: ["error": "\(error)"])
            }
            _ = try? await Task.sleep(for: Self.interval)
        }
    }

    /// Why the release cannot stay; nil when it may.
    private func reasonToGoBack(_ app: App, _ problems: inout [UUID: Int]) async throws -> String? {
        for process in try await services.running(of: release) where process.state == .running {
            switch try await services.deployer.condition(of: process, release: release) {
            case .running(_, let restarts) where restarts >= Self.mostRestarts:
                return "\(process.name) was started again \(restarts) times"
            case .restarting(let end, let restarts) where restarts >= Self.mostRestarts:
                return "\(process.name) \(end), \(restarts) times"
            case .running:
                let problem = try await problem(of: process, app)
                problems[process.id] = problem == nil ? 0 : problems[process.id, default: 0] + 1
                guard let problem, problems[process.id, default: 0] >= Self.mostProblems else { continue }
                return "\(process.name) is not well: \(problem)"
            case .restarting, .cutOff, .gone: continue
            }
        }
        return nil
    }

    /// Asked what made it healthy at its start, unless that was only its staying up, and whether it is alive.
    private func problem(of process: AppProcess, _ app: App) async throws -> String? {
        let checks = release.product.processes.first { $0.type == process.type }?.checks
        let upstream = try await services.upstreamProtocol(of: release.product, app)
        let usual = release.product.usualProbe(of: process.type, over: upstream)
        for probe in [checks?.readiness ?? checks?.startup ?? usual, checks?.liveness].compactMap(\.self) {
            if case .uptime = probe.kind { continue }
            let problem = try await services.deployer.problem(of: process, by: probe, release: release, app: app)
            if let problem { return problem }
        }
        return nil
    }

    /// Queues the way back, which is a release of its own, and tells everybody.
    private func goBack(_ app: App, _ reason: String) async throws {
        try await services.releases.endGuard(of: release)
        let text = "v\(release.number) did not do well: \(reason)".escaped
        guard let former = try await services.releases.proven(before: release.number, of: app) else {
            try await tell(app, "\(text); there is no earlier release to go back to")
            return
        }
        var request = BuildRequest(branch: former.branch, commit: former.commit, user: "martlet")
        request.message = text
        request.isDetached = true
        request.intent = DeployIntent(
            .deploy, product: former.number, config: former.number, summary: "rollback to v\(former.number)",
            isAutomatic: true, former: release.number)
        _ = try await services.builds.enqueue(request, for: app)
        try await tell(app, "\(text); going back to v\(former.number)")
    }

    private func tell(_ app: App, _ text: String) async throws {
        services.logger.notice("a release gave way", metadata: ["app": "\(app.name)", "reason": "\(text)"])
        try await services.events.record("releases.guard", app.name.description, of: app.id, result: text)
        try await services.notices.add(text, of: app.id)
    }
}

import Foundation
import Git
import GitWire
import Logging
import Platform

/// Carries releases that were decided on, and whose run is gone, to the end: their processes run, routes and branch name
/// them.
struct RollForward: Sendable {
    let services: Pipeline.Services
    /// The folder of the apps' bare repositories.
    let repositories: String

    /// What fails for one release does not hold up the others: it is given up.
    ///
    /// - Throws: when the database cannot be used.
    func perform() async throws {
        for release in try await services.releases.all(.switching) {
            guard await !services.turns.isChanging(release.appID),
                let app = try await services.apps.find(id: release.appID)
            else { continue }
            do {
                try await carryOn(release, app)
                services.logger.notice(
                    "rolled a release forward", metadata: ["app": "\(app.name)", "release": "v\(release.number)"])
            } catch {
                services.logger.error(
                    "cannot roll a release forward", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
                _ = try await services.releases.move(release, from: .switching, to: .failed)
            }
        }
    }

    private func carryOn(_ release: Release, _ app: App) async throws {
        let live = try await services.releases.live(of: app.id)
        let build = if let id = release.buildID { try await services.builds.find(id: id) } else { Build?.none }
        _ = try await ProcessRepair(services: services).perform(release, app)
        try await services.routes.refresh()
        let references = RunReferences(repository: "\(repositories)/\(app.repositoryName)")
        try await references.apply(references.current(ReferenceUpdate.decode(release.updates)), for: release)
        try await services.goLive(release, app, build?.intent, over: live)
        tellHooks(of: release, app)
    }

    /// Beside what else there is to repair: hooks may take their time.
    private func tellHooks(of release: Release, _ app: App) {
        let hooks = DeployHooks(services, app, release, repository: "\(repositories)/\(app.repositoryName)")
        let logger = services.logger
        Task {
            do {
                _ = try await hooks.afterDeployment(of: release) { line in
                    logger.info("hook", metadata: ["release": "\(release.id.text)", "line": "\(line)"])
                }
            } catch {
                logger.error(
                    "cannot tell hooks of a release", metadata: ["id": "\(release.id.text)", "error": "\(error)"])
            }
        }
    }
}

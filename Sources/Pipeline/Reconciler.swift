import Deploy
package import Foundation
import Logging
import Platform

/// Makes the machine match the database: after a crash, when something was changed or removed, and for what drains.
///
/// What fails for one app or process is logged and tried again with the next pass; it never holds up the others.
package struct Reconciler: Sendable {
    private let services: Pipeline.Services
    private let repositories: String
    private let appFolders: [String]
    private let drains = Drains()
    private let logger: Logger

    /// - Parameters:
    ///   - repositories: the folder of the apps' bare repositories.
    ///   - appFolders: folders in which apps have a folder each, named by their ID.
    package init(services: Pipeline.Services, repositories: String, appFolders: [String]) {
        self.services = services
        self.repositories = repositories
        self.appFolders = appFolders
        logger = services.logger
    }

    /// One full pass: routes what runs, removes what should not run, and restarts what should.
    ///
    /// - Throws: when the database, Docker or nginx cannot be used; whatever was done stays done.
    package func pass() async throws {
        let begin = ContinuousClock.now
        try await services.routes.refresh()
        for id in try await services.apps.removals() {
            await attempt("remove a destroyed app", id) { try await remove(id) }
        }
        try await drains.perform(services)
        try await RollForward(services: services, repositories: repositories).perform()
        try await LostRuns(services: services).end { _ in "its end could not be noted, since the database was away" }
        try await services.processes.stopFailed()
        try await services.processes.forgetOld()
        let removed = try await services.deployer.removeUnwanted(
            except: { Set(try await services.processes.notStopped().map(\.id)) }, apps: services.apps.ids)
        if removed > 0 { logger.notice("removed unwanted processes", metadata: ["count": "\(removed)"]) }
        try await removeVolumes()
        try await repair(since: begin)
    }

    /// When the next draining process is to be stopped; nil when none waits for that.
    package func nextDrain() async throws -> Date? { try await drains.next(services) }

    /// A process that was started with one still has it; a later pass finds it free.
    private func removeVolumes() async throws {
        for id in try await services.volumes.removed() {
            await attempt("remove a volume", id) {
                guard try await services.deployer.removeVolume(Volume.engineName(of: id)) else { return }
                try await services.volumes.forget(removed: id)
            }
        }
    }

    /// Brings the processes of every release that serves in line, each app by itself: one whose process does not get healthy
    /// holds up no other, nor this pass. It ends when nothing is left to do for the app, or a deployment takes over.
    private func repair(since begin: ContinuousClock.Instant) async throws {
        let releases = try await services.releases.all(.live) + services.releases.all(.canary)
        let apps = Dictionary(grouping: releases, by: \.appID)
        Task {
            await withTaskGroup { group in
                for (app, releases) in apps {
                    group.addTask { await services.turns.repairing(app) { await repair(releases, of: app) } }
                }
            }
            logger.debug(
                "looked at all apps", metadata: ["apps": "\(apps.count)", "took": "\(ContinuousClock.now - begin)"])
        }
    }

    private func repair(_ releases: [Release], of id: UUID) async {
        for release in releases {
            await attempt("repair a release", release.id) {
                guard let app = try await services.apps.find(id: id) else { return }
                if try await ProcessRepair(services: services).perform(release, app) {
                    try await services.routes.refresh()
                }
            }
        }
    }

    private func attempt(_ what: String, _ id: UUID, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch  where Task.isCancelled {
            // The daemon stops, or a deployment takes over; whoever comes next tries again.
        } catch {
            logger.error("cannot \(what)", metadata: ["id": "\(id.text)", "error": "\(error)"])
        }
    }

    private func remove(_ app: UUID) async throws {
        let runs = await services.runs.list(of: app)
        for run in runs { run.cancel() }
        for run in runs { _ = await run.outcome() }
        try await services.turns.changing(app) { try await services.deployer.removeApp(app) }
        for path in ["\(repositories)/\(app.text).git"] + appFolders.map({ "\($0)/\(app.text)" })
        where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
        try await services.apps.removed(app)
        logger.notice("removed a destroyed app", metadata: ["app": "\(app.text)"])
    }
}

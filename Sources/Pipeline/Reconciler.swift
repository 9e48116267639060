import Deploy
package import Foundation
import Git
import GitWire
import Logging
import Platform
import Threads

/// Makes the machine match the database: after a crash, when something was changed or removed, and for what drains.
///
/// What fails for one app or process is logged and tried again with the next pass; it never holds up the others.
package struct Reconciler: Sendable {
    private let services: Pipeline.Services
    private let repositories: String
    private let appFolders: [String]
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

    /// What a dead daemon left is put right: files, builds, and releases that were half switched to. Nothing may run yet.
    ///
    /// - Throws: when the data folder or the database cannot be used.
    package func recover() async throws {
        try await cleanRepositories()
        for release in try await services.releases.all(.starting) {
            _ = try await services.releases.move(release, from: .starting, to: .failed)
        }
        try await rollForward()
        for build in try await services.builds.unfinished() where !build.isDetached {
            // Whoever pushed it is gone. A worker that builds it learns from the status that it is not wanted.
            try await services.builds.finish(
                build, .failed, reason: "the server stopped while it was \(build.status)")
        }
        try await services.routes.refresh()
    }

    /// One full pass: routes what runs, removes what should not run, and restarts what should.
    ///
    /// - Throws: when the database, Docker or nginx cannot be used; whatever was done stays done.
    package func pass() async throws {
        try await services.routes.refresh()
        for id in try await services.apps.removals() {
            await attempt("remove a destroyed app", id) { try await remove(id) }
        }
        try await stopDrained()
        try await rollForward()
        try await services.processes.stopFailed()
        let removed = try await services.deployer.removeUnwanted {
            Set(try await services.processes.notStopped().map(\.id))
        }
        if removed > 0 { logger.notice("removed unwanted processes", metadata: ["count": "\(removed)"]) }
        if try await restartMissing() { try await services.routes.refresh() }
    }

    /// When the next draining process is to be stopped; nil when none drains.
    package func nextDrain() async throws -> Date? {
        try await services.processes.notStopped().filter { $0.state == .draining }.compactMap(\.drainUntil).min()
    }

    private func attempt(_ what: String, _ id: UUID, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch  where Task.isCancelled {
            // The daemon stops; the next one tries again.
        } catch {
            logger.error("cannot \(what)", metadata: ["id": "\(id.text)", "error": "\(error)"])
        }
    }

    /// Removes locks, half-received packs and half-made repositories, and lets go of commits that were being built.
    private func cleanRepositories() async throws {
        let folder = repositories
        let incomplete = try await onOwnThread { try Repository.removeIncomplete(in: folder) }
        if !incomplete.isEmpty {
            logger.notice("removed unfinished repositories", metadata: ["count": "\(incomplete.count)"])
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: repositories) where name.hasSuffix(".git") {
            let path = "\(repositories)/\(name)"
            let removed = try await Repository.withRepository(at: path) { try $0.removeStaleFiles() }
            try await RunReferences(repository: path).forgetBuilds()
            if !removed.isEmpty {
                logger.notice(
                    "removed files of a dead daemon", metadata: ["repository": "\(name)", "count": "\(removed.count)"])
            }
        }
    }

    /// Carries releases that were decided on, and whose run is gone, to the end: their processes run, routes and branch
    /// name them.
    private func rollForward() async throws {
        for release in try await services.releases.all(.switching) {
            guard await !services.runs.contains(release.buildID),
                let app = try await services.apps.find(id: release.appID)
            else { continue }
            do {
                _ = try await ensureRunning(release, app)
                try await services.routes.refresh()
                let references = RunReferences(repository: "\(repositories)/\(app.repositoryName)")
                try await references.apply(references.current(ReferenceUpdate.decode(release.updates)), for: release)
                try await services.releases.goLive(
                    release, drainUntil: Date(timeIntervalSinceNow: Double(services.drainSeconds)))
                logger.notice(
                    "rolled a release forward", metadata: ["app": "\(app.name)", "release": "v\(release.number)"])
                tellHooks(of: release, app)
            } catch {
                logger.error(
                    "cannot roll a release forward", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
                _ = try await services.releases.move(release, from: .switching, to: .failed)
            }
        }
    }

    /// Beside what else there is to repair: hooks may take their time.
    private func tellHooks(of release: Release, _ app: App) {
        let hooks = DeployHooks(services, app, release, repository: "\(repositories)/\(app.repositoryName)")
        Task {
            await attempt("tell hooks of a release", release.id) {
                _ = try await hooks.afterDeployment(of: release) { [logger] line in
                    logger.info("hook", metadata: ["release": "\(release.id.text)", "line": "\(line)"])
                }
            }
        }
    }

    /// Starts what is missing of every live release, all apps at once: one that does not get healthy holds up no other.
    ///
    /// - Returns: whether an address changed.
    private func restartMissing() async throws -> Bool {
        let releases = try await services.releases.all(.live)
        return await withTaskGroup(of: Bool.self) { group in
            for release in releases {
                group.addTask {
                    var changed = false
                    await attempt("repair a release", release.id) {
                        guard let app = try await services.apps.find(id: release.appID) else { return }
                        changed = try await ensureRunning(release, app)
                    }
                    return changed
                }
            }
            return await group.reduce(false) { $0 || $1 }
        }
    }

    /// Starts the processes of a release that are gone, and notes addresses that changed.
    ///
    /// - Returns: whether there was one.
    private func ensureRunning(_ release: Release, _ app: App) async throws -> Bool {
        var changed = false
        for process in try await services.processes.list(of: release) where process.state != .draining {
            switch try await services.deployer.condition(of: process, release: release) {
            case .running(let address) where address == process.address: continue
            case .restarting: continue
            case .running(let address): try await services.processes.setRunning(process, at: address)
            case .gone:
                let name = "\(process.type).\(process.index)"
                logger.notice("starting a missing process", metadata: ["app": "\(app.name)", "process": "\(name)"])
                let address = try await services.deployer.start(process, of: release, app: app) { _ in }
                try await services.processes.setRunning(process, at: address)
            }
            changed = true
        }
        return changed
    }

    private func stopDrained() async throws {
        for process in try await services.processes.notStopped() where process.state == .draining {
            guard let until = process.drainUntil, until <= Date() else { continue }
            await attempt("stop an old process", process.id) {
                try await services.deployer.stop(process)
                try await services.processes.setStopped(process)
            }
        }
    }

    private func remove(_ app: UUID) async throws {
        let runs = await services.runs.list(of: app)
        for run in runs { run.cancel() }
        for run in runs { _ = await run.outcome() }
        try await services.deployer.removeApp(app)
        for path in ["\(repositories)/\(app.text).git"] + appFolders.map({ "\($0)/\(app.text)" })
        where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
        try await services.apps.removed(app)
        logger.notice("removed a destroyed app", metadata: ["app": "\(app.text)"])
    }
}

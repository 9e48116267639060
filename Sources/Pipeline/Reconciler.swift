import Deploy
package import Foundation
import Git
import GitWire
import Logging
import Platform
import Threads

/// Makes the machine match the database: after a crash, when something was changed or removed, and for what drains.
package struct Reconciler: Sendable {
    private let services: Pipeline.Services
    private let repositories: String
    private let logger: Logger

    /// - Parameter repositories: the folder of the apps' bare repositories.
    package init(services: Pipeline.Services, repositories: String) {
        self.services = services
        self.repositories = repositories
        logger = services.logger
    }

    /// What a dead daemon left is put right: files, builds, and releases that were half switched to. Nothing may run yet.
    ///
    /// - Throws: when the database or Docker cannot be used.
    package func recover() async throws {
        try await cleanRepositories()
        for release in try await services.releases.all(.starting) {
            _ = try await services.releases.move(release, from: .starting, to: .failed)
        }
        for release in try await services.releases.all(.switching) { await rollForward(release) }
        for build in try await services.builds.unfinished() {
            try await services.builds.finish(build, .failed, reason: "the server stopped while it was \(build.status)")
        }
        try await pass()
    }

    /// One full pass: restarts what should run, removes what should not, and brings the routes in line.
    ///
    /// - Throws: when the database or Docker cannot be used; whatever was done stays done.
    package func pass() async throws {
        try await removeDestroyedApps()
        try await stopDrained()
        for release in try await services.releases.all(.live) { await repair(release) }
        try await services.processes.stopFailed()
        let removed = try await services.deployer.removeUnwanted {
            Set(try await services.processes.notStopped().map(\.id))
        }
        if removed > 0 { logger.notice("removed unwanted processes", metadata: ["count": "\(removed)"]) }
        try await services.routes.refresh()
    }

    /// When the next draining process is to be stopped; nil when none drains.
    package func nextDrain() async throws -> Date? {
        try await services.processes.notStopped().filter { $0.state == .draining }.compactMap(\.drainUntil).min()
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

    /// Carries a release that was decided on to the end: its processes run, the routes and the branch name it.
    private func rollForward(_ release: Release) async {
        do {
            guard let app = try await services.apps.find(id: release.appID) else { return }
            try await ensureRunning(release, app)
            try await services.routes.refresh()
            let references = RunReferences(repository: "\(repositories)/\(app.repositoryName)")
            try await references.apply(references.current(ReferenceUpdate.decode(release.updates)), for: release)
            try await services.releases.goLive(
                release, drainUntil: Date(timeIntervalSinceNow: Double(services.drainSeconds)))
            logger.notice(
                "rolled a release forward", metadata: ["app": "\(app.name)", "release": "v\(release.number)"])
        } catch {
            logger.error(
                "cannot roll a release forward", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
            _ = try? await services.releases.move(release, from: .switching, to: .failed)
        }
    }

    private func repair(_ release: Release) async {
        do {
            guard let app = try await services.apps.find(id: release.appID) else { return }
            try await ensureRunning(release, app)
        } catch {
            logger.error("cannot repair a release", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
        }
    }

    /// Starts the processes of a release that do not run, and notes addresses that changed.
    private func ensureRunning(_ release: Release, _ app: App) async throws {
        for process in try await services.processes.list(of: release) where process.state != .draining {
            if let address = try await services.deployer.address(of: process, release: release) {
                if address != process.address { try await services.processes.setRunning(process, at: address) }
                continue
            }
            logger.notice(
                "starting a missing process",
                metadata: ["app": "\(app.name)", "process": "\(process.type).\(process.index)"])
            let address = try await services.deployer.start(process, of: release, app: app) { _ in }
            try await services.processes.setRunning(process, at: address)
        }
    }

    private func stopDrained() async throws {
        for process in try await services.processes.notStopped() where process.state == .draining {
            guard let until = process.drainUntil, until <= Date() else { continue }
            try await services.deployer.stop(process)
            try await services.processes.setStopped(process)
        }
    }

    private func removeDestroyedApps() async throws {
        for id in try await services.apps.removals() {
            try await services.routes.refresh()
            try await services.deployer.removeApp(id)
            let repository = "\(repositories)/\(id.text).git"
            if FileManager.default.fileExists(atPath: repository) {
                try FileManager.default.removeItem(atPath: repository)
            }
            try await services.apps.removed(id)
            logger.notice("removed a destroyed app", metadata: ["app": "\(id.text)"])
        }
    }
}

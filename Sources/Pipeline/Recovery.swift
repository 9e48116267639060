import Foundation
import Git
import Logging
import Platform
import Threads

/// Puts right what a dead daemon left, before anything is served.
package struct Recovery: Sendable {
    private let services: Pipeline.Services
    private let repositories: String

    /// - Parameter repositories: the folder of the apps' bare repositories.
    package init(services: Pipeline.Services, repositories: String) {
        self.services = services
        self.repositories = repositories
    }

    /// Files, builds, and releases that were half switched to. Nothing may run yet.
    ///
    /// - Throws: when the data folder or the database cannot be used.
    package func perform() async throws {
        try await cleanRepositories()
        for release in try await services.releases.all(.starting) {
            _ = try await services.releases.move(release, from: .starting, to: .failed)
        }
        try await RollForward(services: services, repositories: repositories).perform()
        try await services.apps.openAll()
        for build in try await services.builds.unfinished() where !build.isDetached {
            // Whoever pushed it is gone. A worker that builds it learns from the status that it is not wanted.
            try await services.builds.finish(
                build, .failed, reason: "the server stopped while it was \(build.status)")
        }
        try await services.builds.rewind()
        try await services.routes.refresh()
    }

    /// Removes locks, half-received packs and half-made repositories, and lets go of commits that were being built.
    private func cleanRepositories() async throws {
        let folder = repositories
        let incomplete = try await onOwnThread { try Repository.removeIncomplete(in: folder) }
        if !incomplete.isEmpty {
            services.logger.notice("removed unfinished repositories", metadata: ["count": "\(incomplete.count)"])
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: repositories) where name.hasSuffix(".git") {
            let path = "\(repositories)/\(name)"
            let removed = try await Repository.withRepository(at: path) { try $0.removeStaleFiles() }
            try await RunReferences(repository: path).forgetBuilds()
            if !removed.isEmpty {
                services.logger.notice(
                    "removed files of a dead daemon", metadata: ["repository": "\(name)", "count": "\(removed.count)"])
            }
        }
    }
}

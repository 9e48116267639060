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
        try await RollForward(services: services, repositories: repositories).perform()
        try await LostRuns(services: services).end {
            "the server stopped while it was \($0.status); push again, or 'builds retry'"
        }
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

import Deploy
import Foundation
import Logging
import Platform

/// Ends processes whose time to finish is over. Each end may take hours, and holds up nothing.
actor Drains {
    private var ending: Set<UUID> = []

    /// Begins to end those that are due and are not being ended yet.
    ///
    /// - Throws: when the database cannot be used.
    func perform(_ services: Pipeline.Services) async throws {
        for process in try await services.processes.notStopped() where process.state == .draining {
            guard let until = process.drainUntil, until <= Date(), !ending.contains(process.id) else { continue }
            ending.insert(process.id)
            Task { await end(process, services) }
        }
    }

    /// When the next one is due that is not being ended yet; nil when there is none.
    func next(_ services: Pipeline.Services) async throws -> Date? {
        try await services.processes.notStopped()
            .filter { $0.state == .draining && !ending.contains($0.id) }.compactMap(\.drainUntil).min()
    }

    private func end(_ process: AppProcess, _ services: Pipeline.Services) async {
        do {
            let release = try await services.releases.find(id: process.releaseID)
            let seconds = release.map { services.times.stopSeconds(of: process.type, in: $0.product) }
            try await services.deployer.stop(process, within: seconds ?? services.times.stopSeconds)
            try await services.processes.setStopped(process)
        } catch {
            // The next pass tries again, after a restart of the daemon too.
            services.logger.warning(
                "cannot stop an old process yet", metadata: ["process": "\(process.id.text)", "error": "\(error)"])
        }
        ending.remove(process.id)
    }
}

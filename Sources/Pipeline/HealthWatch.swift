import Foundation
import Logging
import Platform

/// Keeps watching what serves: each process that declares how, and each release that went live a moment ago.
package actor HealthWatch {
    private let services: Pipeline.Services
    private var processes: [UUID: Task<Void, Never>] = [:]
    private var guards: [UUID: Task<Void, Never>] = [:]

    package init(services: Pipeline.Services) { self.services = services }

    /// Begins to watch what is to be watched by now, and stops where it is not any more.
    ///
    /// - Throws: when the database cannot be used.
    package func update() async throws {
        let live = try await services.releases.all(.live) + services.releases.all(.canary)
        watchReleases(live.filter { ($0.guardUntil ?? .distantPast) > Date() })
        try await watchProcesses(of: live.filter { $0.product.declaresWatches })
    }

    /// Stops watching.
    package func stop() {
        for task in processes.values { task.cancel() }
        for task in guards.values { task.cancel() }
        processes = [:]
        guards = [:]
    }

    private func watchReleases(_ releases: [Release]) {
        let wanted = Set(releases.map(\.id))
        for (id, task) in guards where !wanted.contains(id) {
            task.cancel()
            guards[id] = nil
        }
        for release in releases where guards[release.id] == nil {
            let watch = ReleaseGuard(release: release, services: services)
            guards[release.id] = Task { await watch.watch() }
        }
    }

    private func watchProcesses(of releases: [Release]) async throws {
        var wanted: Set<UUID> = []
        for release in releases {
            guard let app = try await services.apps.find(id: release.appID) else { continue }
            for process in try await services.running(of: release) where process.state == .running {
                wanted.insert(process.id)
                guard processes[process.id] == nil,
                    let checks = release.product.processes.first(where: { $0.type == process.type })?.checks
                else { continue }
                let watch = ProcessWatch(process: process, release: release, app: app, services: services)
                processes[process.id] = Task { await watch.watch(checks) }
            }
        }
        for (id, task) in processes where !wanted.contains(id) {
            task.cancel()
            processes[id] = nil
        }
    }
}

extension BuildProduct {
    /// Whether any of its processes is to be asked while it runs.
    fileprivate var declaresWatches: Bool {
        processes.contains { $0.checks?.readiness != nil || $0.checks?.liveness != nil }
    }
}

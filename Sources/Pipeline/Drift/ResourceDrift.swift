import Deploy
import Foundation
import Platform

/// What the engine holds that nobody wants.
struct ResourceDrift: Sendable {
    let resources: EngineResources
    /// The processes that have not been stopped.
    let processes: Set<UUID>
    let apps: [UUID: AppName]
    /// The names of the volumes of all apps.
    let volumes: Set<String>

    /// One for each of them.
    var all: [Drift] { containers + networks + strayVolumes }

    private var containers: [Drift] {
        resources.containers.compactMap { container in
            if let process = container.process {
                guard !processes.contains(process) else { return nil }
                return drift(container, "is of no process that is wanted")
            }
            return container.isOverdue ? drift(container, "is a command whose time is over") : nil
        }
    }

    private var networks: [Drift] {
        resources.networks.filter { $0.app.map { apps[$0] == nil } ?? true }.map {
            drift(.network, $0.name, $0.app, "is of no app")
        }
    }

    /// Nobody removes them by itself: they may hold what somebody needs.
    private var strayVolumes: [Drift] {
        resources.volumes.filter { !volumes.contains($0.name) }.map {
            drift(.volume, $0.name, $0.app, "is of no app; 'docker volume rm' removes it with its files")
        }
    }

    private func drift(_ container: EngineResources.Container, _ problem: String) -> Drift {
        drift(.container, container.name, container.app, "\(problem) (\(container.state))")
    }

    private func drift(_ kind: Drift.Kind, _ name: String, _ app: UUID?, _ problem: String) -> Drift {
        Drift(kind, name, app: app.flatMap { apps[$0]?.description }, problem)
    }
}

import Deploy
import Foundation
package import Platform
import Routing

/// Compares the machine with the database, and changes nothing.
package struct DriftSurvey: Sendable {
    private let services: Pipeline.Services

    package init(services: Pipeline.Services) { self.services = services }

    /// Everything that differs.
    ///
    /// - Parameter app: the only one to look at; nil for all, and for what is no app's.
    /// - Throws: when the database or the engine cannot be asked.
    package func perform(_ app: App? = nil) async throws -> [Drift] {
        let apps = if let app { [app] } else { try await services.apps.list(visibleTo: .local) }
        var found: [Drift] = []
        for app in apps { found += try await releases(of: app) }
        found += try await resources(app)
        if app == nil {
            found += try await services.apps.removals().map {
                Drift(.app, $0.text, app: nil, "is destroyed, and not all of it is gone")
            }
        }
        return try await found + routes(app)
    }

    private func releases(of app: App) async throws -> [Drift] {
        let references = try await RetentionStore(services.database).references(of: app.id)
        let unfinished = Set(references.unfinished.map(\.id))
        var found: [Drift] = []
        for release in references.releases {
            let isInHand = release.buildID.map(unfinished.contains) ?? false
            switch release.status {
            case .starting where !isInHand, .switching where !isInHand:
                let problem = "is half deployed, and nobody goes on with it"
                found.append(Drift(.release, "v\(release.number)", app: "\(app.name)", problem))
            case .live where unfinished.isEmpty, .canary where unfinished.isEmpty:
                // While a run goes on, more runs than is wanted, on purpose.
                found += try await processes(of: release, app)
            default: break
            }
            if let problem = try await self.problem(of: release) {
                found.append(Drift(.release, "v\(release.number)", app: "\(app.name)", problem))
            }
        }
        return try await found + leftovers(of: app, references)
    }

    /// What serves or can be rolled back to needs what was built for it.
    private func problem(of release: Release) async throws -> String? {
        let serves = release.status == .live || release.status == .canary
        // What was removed of a retired one is history, and listed as such.
        guard serves || release.status == .retired && !release.isRemoved,
            try await !services.isThere(release.product)
        else { return nil }
        let what = release.product.site == nil ? "image" : "site"
        return
            "its \(what) is gone, without which it cannot be started anew; 'builds retry' of its build makes it again"
    }

    private func processes(of release: Release, _ app: App) async throws -> [Drift] {
        var processes: [(AppProcess, ProcessCondition)] = []
        for process in try await services.running(of: release) {
            processes.append((process, try await services.deployer.condition(of: process, release: release)))
        }
        return ReleaseDrift(app: app.name, plans: try await services.plans(of: release, app), processes: processes).all
    }

    /// Processes that had time enough to finish what they do, and those of releases that serve no more.
    private func leftovers(of app: App, _ references: ProductReferences) async throws -> [Drift] {
        let former = references.releases.filter { [.retired, .failed].contains($0.status) }
        let numbers = Dictionary(former.map { ($0.id, $0.number) }) { $1 }
        return try await services.processes.notStopped(of: app.id).compactMap { process in
            let until = process.drainUntil ?? .distantFuture
            if process.state == .draining {
                // The reconciler may be at it.
                guard until.timeIntervalSinceNow < -60 else { return nil }
                return Drift(
                    .process, process.name, app: "\(app.name)", "should have been stopped at \(until.ISO8601Format())")
            }
            guard references.unfinished.isEmpty, let number = numbers[process.releaseID] else { return nil }
            return Drift(.process, process.name, app: "\(app.name)", "runs for v\(number), which serves no more")
        }
    }

    private func resources(_ app: App?) async throws -> [Drift] {
        // Whoever makes one notes it first, hence the engine is asked first.
        let resources = try await services.deployer.resources()
        let apps = try await services.apps.list(visibleTo: .local)
        let all = ResourceDrift(
            resources: resources, processes: Set(try await services.processes.notStopped().map(\.id)),
            apps: Dictionary(apps.map { ($0.id, $0.name) }) { $1 },
            volumes: Set(try await services.volumes.all().map(\.engineName))
        ).all
        return app.map { app in all.filter { $0.app == "\(app.name)" } } ?? all
    }

    private func routes(_ app: App?) async throws -> [Drift] {
        guard let stale = try await services.routes.stale() else {
            return [Drift(.proxy, "nginx", app: nil, "does not run")]
        }
        let all =
            stale.sorted().map {
                Drift(.proxy, "nginx", app: $0, "has other routes for the app than the database says")
            }
            + services.routes.problems.map {
                Drift(.proxy, "nginx", app: $0.app, "cannot route all of it: \($0.reason)")
            }
        return all.filter { app == nil || $0.app == app?.name.description }
    }
}

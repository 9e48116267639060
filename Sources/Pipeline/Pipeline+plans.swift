import Foundation
import Platform

extension Pipeline.Services {
    /// The processes that a product of an app is to run as: none while the app is stopped.
    ///
    /// - Parameter change: what is about to be set; nil for what is set.
    func plans(
        of product: BuildProduct, _ app: App, with change: DeployIntent? = nil
    ) async throws -> [ProcessPlan] {
        var formation = try await formation.entries(of: app)
        for entry in change?.formation ?? [] { formation.apply(entry) }
        let isStopped = change?.isStopped ?? app.isStopped
        let plans = ProcessPlan.all(of: product, formation: formation, volumes: try await volumes.list(of: app))
        let upstream = try await upstreamProtocol(of: product, app)
        return plans.map { plan in
            var plan = plan
            plan.upstreamProtocol = upstream
            if isStopped { plan.quantity = 0 }
            if plan.strategy == .exclusive { plan.quantity = min(plan.quantity, 1) }
            return plan
        }
    }

    /// How the proxy speaks to the web processes of a product.
    func upstreamProtocol(of product: BuildProduct, _ app: App) async throws -> RoutingSettings.UpstreamProtocol {
        try await routing.settings(of: app).upstreamProtocol ?? product.routing?.upstreamProtocol ?? .http
    }

    /// The processes with which a canary gets its share of requests, in percent: of `web` as many as match it.
    func canaryPlans(of product: BuildProduct, _ app: App, share: Int) async throws -> [ProcessPlan] {
        try await plans(of: product, app).filter { $0.type == ProcessDeclaration.web }.map { plan in
            var plan = plan
            plan.quantity = min(plan.quantity, max(1, (plan.quantity * share + 99) / 100))
            return plan
        }
    }

    /// The processes of a release by its status.
    func plans(of release: Release, _ app: App) async throws -> [ProcessPlan] {
        if release.status == .canary, let share = release.weight {
            return try await canaryPlans(of: release.product, app, share: share)
        }
        return try await plans(of: release.product, app)
    }

    /// What of a release has been started and is not on its way out.
    func running(of release: Release) async throws -> [AppProcess] {
        try await processes.list(of: release).filter { $0.state != .draining }
    }

    /// Notes that processes are to end when they have finished what they do.
    func drain(_ processes: [AppProcess], of release: Release) async throws {
        for process in processes {
            let seconds = times.drainSeconds(of: process.type, in: release.product)
            try await self.processes.drain(process, until: Date(timeIntervalSinceNow: seconds))
        }
        if !processes.isEmpty { wake() }
    }
}

extension [FormationEntry] {
    /// Sets what `entry` says, and leaves what it leaves open.
    mutating func apply(_ entry: FormationEntry) {
        guard let index = firstIndex(where: { $0.type == entry.type }) else { return append(entry) }
        self[index].quantity = entry.quantity ?? self[index].quantity
        self[index].memoryBytes = entry.memoryBytes ?? self[index].memoryBytes
        self[index].cpus = entry.cpus ?? self[index].cpus
    }
}

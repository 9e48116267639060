import Foundation
import Platform

/// All that `apps info` shows of an app.
struct AppDetails: Encodable {
    /// How many processes of a type run, and how many should.
    struct Processes: Encodable {
        let type: String
        let running: Int
        let wanted: Int
    }

    let name: String
    let owner: String
    /// `new`, `stopped`, `in maintenance`, `serving`, `degraded` or `down`; with `, deploying` where a run goes on.
    let state: String
    let deployBranch: String?
    /// The number of the release that serves; nil when none does.
    let release: Int?
    let canary: Int?
    let commit: String?
    let address: String
    let domains: [String]
    /// Empty for a site.
    let processes: [Processes]
    let createdAt: Date

    init(_ app: App, in context: CommandContext) async throws {
        let live = try await context.releases.live(of: app.id)
        let reports = try await context.processes.list(of: app).filter {
            $0.release == live?.number && $0.state == .running
        }
        processes = try await context.plans(of: app, live: live).map { plan in
            Processes(
                type: plan.type, running: reports.filter { $0.type == plan.type && $0.isReady }.count,
                wanted: app.isStopped ? 0 : plan.quantity)
        }
        (name, owner, deployBranch) = (app.name.description, app.owner.description, app.deployBranch)
        (release, commit, createdAt) = (live?.number, live?.commit, app.createdAt)
        canary = try await context.releases.canary(of: app.id)?.number
        address = context.address(app.name)
        domains = try await context.domains.list(of: app).map(\.address)
        let isInMaintenance = try await context.routing.settings(of: app).isInMaintenance == true
        let isBusy = try await context.isBusy(app)
        state =
            Self.state(live: live, isStopped: app.isStopped, isInMaintenance: isInMaintenance, processes)
            + (isBusy ? ", deploying" : "")
    }

    /// Such as `web 2/2, worker 0/1`; nil where there are none.
    var processWords: String? {
        let words = processes.map { "\($0.type) \($0.running)/\($0.wanted)" }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    private static func state(
        live: Release?, isStopped: Bool, isInMaintenance: Bool, _ processes: [Processes]
    ) -> String {
        if live == nil { return "new" }
        if isStopped { return "stopped" }
        if isInMaintenance { return "in maintenance" }
        let lacking = processes.filter { $0.running < $0.wanted }
        if lacking.isEmpty { return "serving" }
        return lacking.contains { $0.type == ProcessDeclaration.web && $0.running == 0 } ? "down" : "degraded"
    }
}

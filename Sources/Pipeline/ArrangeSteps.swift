import Build
import Foundation
import Logging
import Platform

/// The steps that change how many processes of the live release run, how large they are, or put new ones in their place.
/// There is no new release.
struct ArrangeSteps: Sendable {
    let app: App
    let intent: DeployIntent
    let log: BuildLog
    let services: Pipeline.Services

    /// - Throws: `RunFailure` when nothing is live; `DeployError` when a new process does not become healthy: everything is
    ///   as it was then.
    func perform() async throws {
        guard let live = try await services.releases.live(of: app.id) else {
            guard intent.action == .arrange else {
                throw RunFailure(.failed, "nothing is live", "app '\(app.name)' has no live release; push to it first")
            }
            // What is set holds for the first release as well.
            return try await keep()
        }
        let plans = try await services.plans(of: live.product, app, with: intent)
        try check(plans, live)
        let running = try await services.running(of: live)
        let arrangement =
            intent.action == .restart
            ? Arrangement.renewing(intent.types, plans, running: running)
            : Arrangement(plans, running: running, renewing: resized)
        if !arrangement.missing.isEmpty { await log.step("Starting \(arrangement.words)") }
        let change = ProcessChange(release: live, app: app, services: services, log: log)
        do {
            let new = try await change.start(arrangement.missing, inPlaceOf: arrangement.surplus)
            // From here on nothing is taken back.
            try await Task { try await exchange(arrangement.surplus, for: new, of: live) }.value
        } catch {
            await putBack(live)
            throw error
        }
        await log.result(intent.summary.map { "Done: \($0)" } ?? "Done")
    }

    /// A process is as large as it was started.
    private var resized: Set<String> {
        Set(intent.formation.filter { $0.memoryBytes != nil || $0.cpus != nil }.map(\.type))
    }

    private func check(_ plans: [ProcessPlan], _ live: Release) throws {
        let types = plans.map(\.type)
        for type in intent.formation.map(\.type) + intent.types where !types.contains(type) {
            let known = types.isEmpty ? "it serves files only" : "it has \(types.joined(separator: ", "))"
            throw RunFailure(.failed, "no such type", "v\(live.number) has no processes of type '\(type)'; \(known)")
        }
        for entry in intent.formation where (entry.quantity ?? 0) > 1 {
            guard plans.first(where: { $0.type == entry.type })?.strategy == .exclusive else { continue }
            throw RunFailure(
                .failed, "exclusive", "there is never more than one '\(entry.type)': its strategy is 'exclusive'")
        }
    }

    /// One reload: requests go to the new ones, and to none of the old ones.
    private func exchange(_ old: [AppProcess], for new: [AppProcess], of live: Release) async throws {
        try await services.processes.exchange(old, for: new)
        try await keep()
        try await services.routes.refresh()
        try await services.drain(old, of: live)
        for process in old {
            let seconds = services.times.drainSeconds(of: process.type, in: live.product)
            await log.detail(
                "\(process.name) gets no more requests, and \(Amount.seconds(seconds)) to finish those it has")
        }
    }

    private func keep() async throws {
        try await services.formation.set(intent.formation, of: app.id, in: services.database)
        guard let isStopped = intent.isStopped else { return }
        try await services.apps.setStopped(isStopped, of: app.id, in: services.database)
    }

    /// Those that had to end before their successors could start.
    private func putBack(_ live: Release) async {
        await Task {
            do {
                if try await ProcessRepair(services: services).perform(live, app) {
                    try await services.routes.refresh()
                }
            } catch {
                services.logger.warning(
                    "cannot start old processes again", metadata: ["app": "\(app.id.text)", "error": "\(error)"])
            }
        }.value
    }
}

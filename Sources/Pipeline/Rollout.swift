import Build
import Deploy
import Foundation
import Git
import GitWire
import Logging
import Platform

/// A release on its way from its row to serving.
struct Rollout: Sendable {
    let release: Release
    let request: DeployRequest
    let build: Platform.Build
    /// What serves meanwhile; nil when nothing does.
    let live: Release?
    let log: BuildLog
    let services: Pipeline.Services

    /// Whether its migration may stop processes of the live release.
    var closesApp: Bool { migration.map { !$0.isCompatible } ?? false }

    /// The database has the form that an earlier release brought it to, or a later one: going back migrates nothing.
    private var migration: MigrationPlan? {
        request.intent?.product != nil && request.intent?.isRefresh != true ? nil : release.product.migration
    }

    /// What runs once before its processes do: the migration and the release command. Nothing changes for visitors, unless
    /// it `closesApp`.
    ///
    /// - Throws: why it cannot serve; `takeBack` puts everything as it was.
    func runCommands() async throws {
        if let plan = migration {
            guard plan.isCompatible || !request.isCanary else {
                throw DeployError("a canary runs beside the live release, which its migration is not compatible with")
            }
            try await Migration(plan: plan, commands: commands, live: live).perform(for: build)
        }
        try await commands.runRelease()
    }

    /// Starts those of its processes that do not run yet, and waits until all are healthy.
    ///
    /// - Throws: why it cannot serve; `takeBack` puts everything as it was.
    func startProcesses() async throws {
        let plans = try await plans()
        let arrangement = Arrangement(plans, running: try await services.running(of: release))
        guard !arrangement.missing.isEmpty else { return await sayWhyNothingStarts(plans) }
        await log.step("Starting v\(release.number): \(arrangement.words)")
        let old = if let live { try await services.running(of: live) } else { [AppProcess]() }
        let new = try await change.start(arrangement.missing, inPlaceOf: request.isCanary ? [] : old)
        try await services.processes.exchange([], for: new)
        let idle = plans.filter { $0.quantity == 0 }.map(\.type)
        if !idle.isEmpty {
            await log.detail("not started: \(idle.joined(separator: ", ")); 'ps scale \(app.name) \(idle[0])=1' does")
        }
    }

    private func plans() async throws -> [ProcessPlan] {
        guard let share = request.intent?.canary, request.intent?.action == .deploy else {
            return try await services.plans(of: release.product, app)
        }
        let plans = try await services.canaryPlans(of: release.product, app, share: share)
        guard let web = plans.first, web.quantity > 0 else {
            throw DeployError("a canary needs a web process that runs; deploy without '--canary'")
        }
        guard web.strategy == .startFirst else {
            throw DeployError("a canary runs beside the live release, which '\(web.strategy.rawValue)' forbids")
        }
        return plans
    }

    private func sayWhyNothingStarts(_ plans: [ProcessPlan]) async {
        if app.isStopped {
            await log.detail("the app is stopped; 'ps start \(app.name)' starts it")
        } else if !plans.isEmpty, plans.allSatisfy({ $0.quantity == 0 }) {
            await log.detail("all types are scaled to 0; 'ps scale \(app.name) \(plans[0].type)=1' starts one")
        }
    }

    /// Makes it what serves: routes, references, rows. To be called once only, whether or not the client is still there.
    ///
    /// - Throws: when that could not be done; everything is as it was then.
    func switchOver(_ updates: [ReferenceUpdate]) async throws {
        let former = release.status
        guard try await services.releases.move(release, from: former, to: .switching) else {
            throw RunFailure(.failed, "release lost", "release v\(release.number) was changed by somebody else")
        }
        do {
            try await services.routes.refresh()
            try await references.apply(updates, for: release)
        } catch {
            _ = try await services.releases.move(release, from: .switching, to: former)
            try await services.routes.refresh()
            throw error
        }
        try await goLive()
    }

    /// It serves already, so a database that is away for a moment must not make it look as if it did not.
    private func goLive() async throws {
        for attempt in 1... {
            do {
                try await services.goLive(release, app, request.intent, over: live)
                // An app that was closed for its migration opens with the release.
                if release.product.migration != nil { try await services.routes.refresh() }
                return
            } catch  where attempt < 10 {
                services.logger.warning(
                    "cannot note a live release yet", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Puts everything as it was before, as far as that is in our hands; what fails is left to the reconciler.
    func takeBack() async {
        await Task {
            await attempt("mark a failed release") {
                _ = try await services.releases.move(release, from: .starting, to: .failed)
            }
            await attempt("remove the processes of a failed release") {
                let kept = release.status == .canary ? Set(try await canaryProcesses()) : []
                await change.remove(try await services.running(of: release).filter { !kept.contains($0.id) })
            }
            guard let live else { return }
            if closesApp { await warnOfMigration(live) }
            await attempt("start the old release's processes again") {
                _ = try await ProcessRepair(services: services).perform(live, app)
            }
            await attempt("open the app again") {
                try await services.apps.open(after: [build.id])
                try await services.routes.refresh()
            }
        }.value
    }

    /// What a migration did cannot be taken back by us, and the old code was declared unable to live with it.
    private func warnOfMigration(_ live: Release) async {
        await attempt("tell what a migration left") {
            guard try await services.apps.closers().contains(build.id) else { return }
            await log.problem(
                "the database may have its new form by now, which v\(live.number) was said not to work with: push code that "
                    + "does, or undo the migration by hand")
        }
    }

    /// The processes of a canary that is not promoted after all.
    private func canaryProcesses() async throws -> [UUID] {
        let arrangement = Arrangement(
            try await services.plans(of: release, app), running: try await services.running(of: release))
        let surplus = Set(arrangement.surplus.map(\.id))
        return try await services.running(of: release).map(\.id).filter { !surplus.contains($0) }
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            services.logger.warning("cannot \(what)", metadata: ["release": "\(release.id.text)", "error": "\(error)"])
        }
    }

    private var app: App { request.app }
    private var change: ProcessChange { ProcessChange(release: release, app: app, services: services, log: log) }
    private var commands: ReleaseCommands {
        ReleaseCommands(release: release, app: app, services: services, log: log)
    }
    private var references: RunReferences { RunReferences(repository: request.repository) }
}

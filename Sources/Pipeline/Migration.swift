import Build
import Deploy
import Platform

/// Brings an app's database to the form that a release expects, before the release serves.
struct Migration: Sendable {
    let plan: MigrationPlan
    let commands: ReleaseCommands
    /// What serves meanwhile; nil when nothing does.
    let live: Release?

    /// Runs what is to be done. Where the old code cannot work with the new form, visitors are kept out and the processes of
    /// other types than `web` are ended first; both stay so, for whoever makes the release live or takes it back.
    ///
    /// - Parameter run: the build for whose sake the app is closed.
    /// - Throws: `DeployError` when a command fails.
    func perform(for run: Build) async throws {
        guard try await isPending() else { return }
        if !plan.isCompatible, let live { try await close(live, for: run) }
        await commands.log.step("Migrating the database")
        let status = try await commands.run(
            "migration", plan.up, entrypoint: plan.entrypoint, timeout: plan.timeout)
        guard status == 0 else {
            throw DeployError(
                "the migration exited with \(status); what it did to the database before that stays done")
        }
        await commands.log.detail("the database is migrated, and stays so whatever becomes of this release")
    }

    /// Without a command that tells, each commit may bring something to do.
    private func isPending() async throws -> Bool {
        guard let status = plan.status else { return live?.commit != commands.release.commit }
        await commands.log.step("Asking whether the database is to be migrated")
        let answer = try await commands.run(
            "migration status", status, entrypoint: plan.entrypoint, timeout: plan.timeout)
        if answer == 0 { await commands.log.detail("nothing is to be migrated") }
        return answer != 0
    }

    private func close(_ live: Release, for run: Build) async throws {
        let services = commands.services
        await commands.log.step("Closing the app: v\(live.number) cannot work with the new form of the database")
        try await services.apps.close(commands.app, for: run.id)
        try await services.routes.refresh()
        for process in try await services.running(of: live) where process.type != ProcessDeclaration.web {
            await commands.log.detail("stopping \(process.name)")
            try await services.deployer.stop(
                process, within: services.times.stopSeconds(of: process.type, in: live.product))
            try await services.processes.setStopped(process)
        }
    }
}

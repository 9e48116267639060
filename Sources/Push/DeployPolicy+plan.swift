import Build
import Foundation
import Git
import GitWire
import Logging
import Platform

extension DeployPolicy {
    func plan(
        _ update: ReferenceUpdate?, in quarantine: Quarantine, options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        planned.set()
        guard let update else {
            let branch =
                app.deployBranch.map { "only '\($0.escaped)' does" } ?? "choose one by 'git push REMOTE BRANCH:main'"
            return try await say("-----> Plan for \(app.name): nothing that is pushed deploys; \(branch)")
        }
        for line in try await lines(update, quarantine, options) { try await say(line) }
    }

    private func lines(
        _ update: ReferenceUpdate, _ quarantine: Quarantine, _ options: PushOptions
    ) async throws -> [String] {
        do {
            let situation = try await situation(app, update.new)
            let contents = try await quarantine.withRepository { repository in
                try PushPlan.read(update.new, in: repository, situation)
            }
            let branch = update.name.branchName ?? update.name.text
            return PushPlan(
                app: app.name, branch: branch, situation: situation, contents: contents, noCache: options.noCache
            ).lines
        } catch let error as BuildError {
            let hint = (error.hint ?? "").split(separator: "\n").map { "       \(String($0).escaped)" }
            return hint + [" !     it would not be built: \(error.description.escaped)"]
        } catch {
            if Task.isCancelled { throw error }
            let incident = UUID().text.prefix(8)
            logger.error(
                "cannot plan a push",
                metadata: ["incident": "\(incident)", "app": "\(app.name)", "error": "\(error)"])
            return [" !     something failed on the server; tell the admin: incident \(incident)"]
        }
    }
}

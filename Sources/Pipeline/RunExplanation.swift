import Build
import Deploy
import Docker
import Foundation
import GitWire
import Logging
import Platform

/// Puts the end of a run into words for those who wait for it.
struct RunExplanation: Sendable {
    let build: Platform.Build
    let app: App
    let log: BuildLog
    let services: Pipeline.Services

    /// What an error means for them. What is not their fault is logged under an incident ID, and only that is shown.
    func failure(_ error: any Error, wasCancelled: Bool) async -> RunFailure {
        if wasCancelled || error is CancellationError { return await cancellation() }
        switch error {
        case let failure as RunFailure: return failure
        case let error as DeployError:
            await show(error.lastLines)
            return RunFailure(.failed, "release failed", "release failed: \("\(error)".escaped)\(await fallback())")
        case let error as Refusal: return RunFailure(.failed, "refused", error.text)
        case let error as DockerError where error.isUnavailable:
            services.logger.error("deployment failed", metadata: ["app": "\(app.name)", "error": "\(error)"])
            return RunFailure(.failed, "Docker is away", Self.withoutDocker)
        default:
            let incident = UUID().text.prefix(8)
            services.logger.error(
                "deployment failed",
                metadata: ["incident": "\(incident)", "app": "\(app.name)", "error": "\(error)"])
            return RunFailure(
                .failed, "internal error", "something failed on the server; tell the admin: incident \(incident)")
        }
    }

    static let withoutDocker =
        "Docker does not answer on the server; nothing has changed: try again later, or tell the admin"

    /// Who asked for the end is known to the database, if anybody did.
    private func cancellation() async -> RunFailure {
        let user = try? await services.builds.find(id: build.id)?.cancelledBy
        return RunFailure(.cancelled, "cancelled", "cancelled\(user.map { " by \($0)" } ?? "") before it went live")
    }

    private func show(_ lines: [String]) async {
        guard !lines.isEmpty else { return }
        await log.result("What it printed last")
        for line in lines { await log.add(.app, "       " + ControlCharacters.neutralise(Array(line.utf8))) }
    }

    private func fallback() async -> String {
        guard !app.isStopped, let live = try? await services.releases.live(of: app.id) else { return "" }
        return "; v\(live.number) still serves"
    }
}

import Deploy
import Foundation
import Logging
import Platform

/// Asks a process whether it is well for as long as it runs: requests go to those only that are ready, and one that is not
/// alive is started anew.
struct ProcessWatch: Sendable {
    /// From one question to the next, in seconds, where the probe does not say it.
    private static let interval = 10.0
    /// How many bad answers in a row count, where the probe does not say it.
    private static let attempts = 3

    let process: AppProcess
    let release: Release
    let app: App
    let services: Pipeline.Services

    /// Asks until the task is cancelled. Does nothing where nothing is declared.
    func watch(_ checks: HealthChecks) async {
        await withTaskGroup { group in
            if let probe = checks.readiness {
                group.addTask { await ask(probe) { try await setReady($0) } }
            }
            if let probe = checks.liveness {
                // One that was started anew is given as much time again.
                group.addTask { await ask(probe, isCountedAnew: true) { try await setAlive($0) } }
            }
        }
    }

    /// Says how it is: after so many bad answers in a row, once or each time anew, and once it answers well again.
    private func ask(
        _ probe: HealthProbe, isCountedAnew: Bool = false, change: (String?) async throws -> Void
    ) async {
        let limit = probe.attempts ?? Self.attempts
        var (bad, isBad) = (0, false)
        while !Task.isCancelled {
            _ = try? await Task.sleep(for: .seconds(probe.interval ?? Self.interval))
            do {
                let problem = try await services.deployer.problem(of: process, by: probe, release: release, app: app)
                if let problem {
                    bad += 1
                    guard bad == limit else { continue }
                    isBad = true
                    try await change(problem)
                    if isCountedAnew { bad = 0 }
                } else {
                    if isBad { try await change(nil) }
                    (bad, isBad) = (0, false)
                }
            } catch  where Task.isCancelled {
                return
            } catch {
                services.logger.warning(
                    "cannot ask a process", metadata: ["process": "\(process.id.text)", "error": "\(error)"])
            }
        }
    }

    private func setReady(_ problem: String?) async throws {
        services.logger.notice(
            problem == nil ? "a process is ready again" : "a process is not ready",
            metadata: ["app": "\(app.name)", "process": "\(process.name)", "problem": "\(problem ?? "")"])
        try await services.processes.setHealth(of: process, isReady: problem == nil, problem: problem)
        try await services.routes.refresh()
    }

    private func setAlive(_ problem: String?) async throws {
        try await services.processes.setProblem(problem, of: process)
        guard let problem else { return }
        let text = "\(process.name) is started anew: \(problem)".escaped
        services.logger.notice("restarting a process", metadata: ["app": "\(app.name)", "reason": "\(text)"])
        try await services.events.record("processes.restart", app.name.description, of: app.id, result: text)
        try await services.deployer.restart(process)
    }
}

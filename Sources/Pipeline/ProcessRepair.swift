import Build
import Deploy
import Foundation
import Logging
import Platform

/// Brings the processes of a release that serves in line with what they are to be: after a crash or a reboot, when a
/// container was removed by hand or got another address, when its types or their numbers changed.
struct ProcessRepair: Sendable {
    let services: Pipeline.Services

    /// - Returns: whether routes may have changed.
    /// - Throws: when the database or Docker cannot be used, or a process does not become healthy; what was started before
    ///   stays.
    func perform(_ release: Release, _ app: App) async throws -> Bool {
        var hasChanged = false
        var running: [AppProcess] = []
        for process in try await services.running(of: release) {
            switch try await look(at: process, release) {
            case .asNoted: running.append(process)
            case .moved:
                running.append(process)
                hasChanged = true
            case .gone: hasChanged = true
            }
        }
        let arrangement = Arrangement(try await services.plans(of: release, app), running: running)
        try await services.drain(arrangement.surplus, of: release)
        if !arrangement.surplus.isEmpty { hasChanged = true }
        return try await start(arrangement.missing, release, app) || hasChanged
    }

    private enum Finding {
        case asNoted, moved, gone
    }

    private func look(at process: AppProcess, _ release: Release) async throws -> Finding {
        var condition = try await services.deployer.condition(of: process, release: release)
        if condition == .cutOff {
            try await services.deployer.reconnect(process)
            condition = try await services.deployer.condition(of: process, release: release)
        }
        switch condition {
        case .running(let address, let restarts) where process.state == .running:
            guard address != process.address || restarts != process.restarts else { return .asNoted }
            try await services.processes.setRunning(process, at: address, restarts: restarts)
            return address == process.address ? .asNoted : .moved
        case .restarting(let reason, let restarts) where process.state == .running:
            try await services.processes.setProblem(reason, restarts: restarts, of: process)
            return .asNoted
        case .running, .restarting, .cutOff, .gone:
            // One that was being started when its run died cannot be trusted either.
            try await services.deployer.remove(process)
            try await services.processes.setStopped(process)
            return .gone
        }
    }

    /// Each by itself: one that does not become healthy holds up no other, and requests go to each as soon as it is.
    private func start(_ missing: [ProcessChange.Start], _ release: Release, _ app: App) async throws -> Bool {
        let results = await withTaskGroup(of: Result<Void, any Error>.self) { group in
            var results: [Result<Void, any Error>] = []
            for (number, (plan, index)) in missing.flatMap(ProcessChange.singles).enumerated() {
                if number >= ProcessChange.width, let result = await group.next() { results.append(result) }
                group.addTask { await start(plan, index, release, app) }
            }
            return await group.reduce(into: results) { $0.append($1) }
        }
        for result in results { try result.get() }
        return !results.isEmpty
    }

    private func start(_ plan: ProcessPlan, _ index: Int, _ release: Release, _ app: App) async -> Result<
        Void, any Error
    > {
        services.logger.notice(
            "starting a missing process", metadata: ["app": "\(app.name)", "process": "\(plan.type).\(index)"])
        do {
            let change = ProcessChange(release: release, app: app, services: services, log: Silence())
            let new = try await change.start([.init(plan: plan, indices: [index])], inPlaceOf: [])
            try await services.processes.exchange([], for: new)
            try await services.routes.refresh()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Nobody waits for a repair.
    private struct Silence: BuildOutput {
        func add(_ stream: LogLine.Stream, _ text: String) async {}
    }
}

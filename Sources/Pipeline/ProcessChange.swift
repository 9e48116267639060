import Build
import Deploy
import Foundation
import Logging
import Platform

/// New processes of a release on their way to take the place of others. Until they do, everything can be taken back.
struct ProcessChange: Sendable {
    /// A type of processes, and which of them are started.
    struct Start: Sendable {
        let plan: ProcessPlan
        let indices: [Int]
    }

    /// How many are started at once.
    static let width = 8

    let release: Release
    let app: App
    let services: Pipeline.Services
    let log: any BuildOutput

    /// Starts processes, each beside the old ones or after them as its type wants it, and waits until all are healthy.
    ///
    /// - Parameter old: the processes whose place they take; those of types that cannot run beside new ones are ended.
    /// - Returns: the new ones, which take no requests yet.
    /// - Throws: what the first failure was, with none of the new ones left. Old ones that had to end are not started
    ///   again.
    func start(_ starts: [Start], inPlaceOf old: [AppProcess]) async throws -> [AppProcess] {
        var new: [AppProcess] = []
        do {
            let beside = starts.filter { $0.plan.strategy == .startFirst }
            for batch in beside.flatMap(Self.singles).chunks(of: Self.width) { new += try await startAll(batch) }
            for start in starts where start.plan.strategy != .startFirst {
                try await end(old.filter { $0.type == start.plan.type })
                for single in Self.singles(start) { new += try await startAll([single]) }
            }
            return new
        } catch {
            await remove(new)
            throw error
        }
    }

    /// Removes processes that are not to be used after all.
    func remove(_ processes: [AppProcess]) async {
        // A cancelled run cleans up all the same, hence a task of its own.
        await Task {
            for process in processes {
                do {
                    try await services.deployer.remove(process)
                    try await services.processes.setStopped(process)
                } catch {
                    // The reconciler removes what nobody wants as well.
                    services.logger.warning(
                        "cannot remove a process", metadata: ["process": "\(process.id.text)", "error": "\(error)"])
                }
            }
        }.value
    }

    static func singles(_ start: Start) -> [(ProcessPlan, Int)] { start.indices.map { (start.plan, $0) } }

    /// All or none.
    private func startAll(_ batch: [(ProcessPlan, Int)]) async throws -> [AppProcess] {
        try await withThrowingTaskGroup(of: Result<AppProcess, any Error>.self) { group in
            for (plan, index) in batch { group.addTask { await start(plan, index) } }
            var started: [AppProcess] = []
            var failure: (any Error)?
            for try await result in group {
                switch result {
                case .success(let process): started.append(process)
                case .failure(let error):
                    failure = failure ?? error
                    group.cancelAll()
                }
            }
            guard let failure else { return started }
            await remove(started)
            throw failure
        }
    }

    private func start(_ plan: ProcessPlan, _ index: Int) async -> Result<AppProcess, any Error> {
        do {
            let process = try await services.processes.add(type: plan.type, index: index, of: release)
            do {
                let address = try await services.deployer.start(process, as: plan, of: release, app: app) {
                    await log.detail($0)
                }
                try await services.processes.setAddress(address, of: process)
                await log.detail("\(process.name) is healthy")
                return .success(process)
            } catch {
                if let error = error as? DeployError { await note(error, process) }
                await remove([process])
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    /// For lists, where nobody else is told.
    private func note(_ error: DeployError, _ process: AppProcess) async {
        do {
            try await services.processes.setProblem(error.description, of: process)
        } catch {
            services.logger.warning(
                "cannot note why a process does not start",
                metadata: ["process": "\(process.id.text)", "error": "\(error)"])
        }
    }

    /// Ends old processes before their successors start. Out of the routes first: requests are told to come again.
    private func end(_ old: [AppProcess]) async throws {
        guard !old.isEmpty else { return }
        for process in old { try await services.processes.drain(process, until: Date()) }
        if old.contains(where: { $0.type == ProcessDeclaration.web }) { try await services.routes.refresh() }
        for process in old {
            await log.detail("stopping \(process.name), which cannot run beside a new one")
            try await services.deployer.stop(
                process, within: services.times.stopSeconds(of: process.type, in: release.product))
            try await services.processes.setStopped(process)
        }
    }
}

extension Array {
    /// The elements in order, at most `count` at a time.
    func chunks(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}

import Build
import Foundation
import Git
import GitWire
import Logging
package import Platform

/// Turns commits into live releases: used by pushes, and by whatever else asks for a deployment.
package struct Pipeline: Sendable {
    private let services: Services
    private let repositories: String

    /// - Parameter repositories: the folder of the apps' bare repositories.
    package init(services: Services, repositories: String) {
        self.services = services
        self.repositories = repositories
    }

    /// The address at which people reach an app.
    package func address(of app: AppName) -> String { services.address(app) }

    /// Queues a build and starts its run, which goes on until it ends or is cancelled, whoever watches.
    ///
    /// - Throws: `DatabaseError` when it cannot be queued.
    package func submit(_ request: DeployRequest) async throws -> Run {
        let row = request.row
        // Before anybody can see the row, or it would be taken for one that nobody runs.
        _ = await services.runs.reserve(row.id)
        do {
            return await start(request, try await services.builds.enqueue(row, for: request.app))
        } catch {
            await services.runs.release(row.id)
            throw error
        }
    }

    /// Starts the runs of builds that were queued by commands, or that outlived the daemon before this one.
    ///
    /// - Throws: when the database cannot be used.
    package func adopt() async throws {
        for build in try await services.builds.unfinished() where build.isDetached {
            guard await services.runs.reserve(build.id) else { continue }
            guard [.queued, .running].contains(build.status) else {
                // It was rolled forward, or superseded, when nobody was there to note its end.
                try await services.builds.finish(build, build.status, reason: build.reason)
                await services.runs.release(build.id)
                continue
            }
            guard let app = try await services.apps.find(id: build.appID),
                let request = DeployRequest(build, of: app, repository: "\(repositories)/\(app.repositoryName)")
            else {
                await services.runs.release(build.id)
                continue
            }
            _ = await start(request, build)
        }
    }

    private func start(_ request: DeployRequest, _ build: Platform.Build) async -> Run {
        let log = BuildLog(build: build.id, store: services.logs)
        let steps = DeploySteps(request: request, build: build, log: log, services: services)
        let task = Task { await steps.perform() }
        let run = Run(build: build, feed: services.feed, task: task)
        await services.runs.add(run)
        watch(run)
        return run
    }

    /// Cancels the run once somebody asks for the build's end.
    private func watch(_ run: Run) {
        let watching = Task {
            for await _ in await services.feed.changes(of: run.build.id) {
                // Without the database there is nothing to see; the next change tries again.
                guard let build = try? await services.builds.find(id: run.build.id) else { continue }
                if build.cancelledBy != nil { return run.cancel() }
            }
        }
        Task {
            _ = await run.outcome()
            watching.cancel()
        }
    }

    /// Waits until no run is left but what is for later, see `cancelAll`, or the task is cancelled.
    package func waitUntilIdle() async {
        while !Task.isCancelled, let run = await firstForNow() {
            // Waiting for a run does not end when the waiting task is cancelled, hence the race.
            await withTaskGroup { group in
                group.addTask { _ = await run.outcome() }
                group.addTask { _ = try? await Task.sleep(for: .seconds(86_400)) }
                await group.next()
                group.cancelAll()
            }
            await Task.yield()
        }
    }

    /// Cancels every run, and waits until all have cleaned up. What nobody watches and no worker has begun waits on: the next
    /// daemon takes it up.
    package func cancelAll() async {
        var ending: [Run] = []
        for run in await services.runs.list() {
            if await isForLater(run) {
                await services.feed.leave(run.build.id)
            } else {
                run.cancel()
                ending.append(run)
            }
        }
        for run in ending { _ = await run.outcome() }
    }

    /// Whether somebody watches a build that no worker has begun.
    package func isAwaited() async -> Bool {
        for run in await services.runs.list() where !run.build.isDetached {
            if let now = try? await services.builds.find(id: run.build.id), now.status == .queued { return true }
        }
        return false
    }

    private func firstForNow() async -> Run? {
        for run in await services.runs.list() {
            if await !isForLater(run) { return run }
        }
        return nil
    }

    private func isForLater(_ run: Run) async -> Bool {
        // Without the database nobody can tell, and nothing can be noted either.
        guard run.build.isDetached, let now = try? await services.builds.find(id: run.build.id) else { return false }
        return now.status == .queued && now.cancelledBy == nil
    }
}

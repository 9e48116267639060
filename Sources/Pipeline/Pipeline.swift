import Build
package import Deploy
import Foundation
import Git
import GitWire
package import Hooks
package import Logging
package import Platform
package import Postgres

/// Turns commits into live releases: used by pushes, and by whatever else asks for a deployment.
package struct Pipeline: Sendable {
    /// What the steps of a run work with.
    package struct Services: Sendable {
        package let apps: AppStore
        package let builds: BuildStore
        package let releases: ReleaseStore
        package let processes: ProcessStore
        package let config: ConfigStore
        package let feed: BuildFeed
        let logs: BuildLogStore
        package let deployer: any Deployer
        package let routes: RouteTable
        package let hooks: HookRunner
        /// Whether what a build made has not been removed.
        let isThere: @Sendable (BuildProduct) async throws -> Bool
        /// Stands for everything beside the commit that an app is built from.
        let configHash: @Sendable (App) async throws -> String
        /// The runs that go on now.
        package let runs = Runs()
        /// Seconds that old processes get to finish their requests.
        package let drainSeconds: Int
        /// The address at which people reach an app.
        package let address: @Sendable (AppName) -> String
        package let logger: Logger

        package init(
            database: DatabasePool, config: ConfigStore, feed: BuildFeed, deployer: any Deployer, routes: RouteTable,
            hooks: HookRunner,
            isThere: @escaping @Sendable (BuildProduct) async throws -> Bool,
            configHash: @escaping @Sendable (App) async throws -> String,
            drainSeconds: Int, address: @escaping @Sendable (AppName) -> String, logger: Logger
        ) {
            apps = AppStore(database)
            builds = BuildStore(database)
            releases = ReleaseStore(database)
            processes = ProcessStore(database)
            logs = BuildLogStore(database)
            self.config = config
            self.feed = feed
            self.isThere = isThere
            self.configHash = configHash
            self.deployer = deployer
            self.routes = routes
            self.hooks = hooks
            self.drainSeconds = drainSeconds
            self.address = address
            self.logger = logger
        }
    }

    private let services: Services
    private let repositories: String
    private let wake: @Sendable () -> Void

    /// - Parameters:
    ///   - repositories: the folder of the apps' bare repositories.
    ///   - wake: called when processes have begun to drain.
    package init(services: Services, repositories: String, wake: @escaping @Sendable () -> Void) {
        self.services = services
        self.repositories = repositories
        self.wake = wake
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
        let task = Task { [wake] in
            let result = await steps.perform()
            wake()
            return result
        }
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

    /// Waits until no run is left, or the task is cancelled.
    package func waitUntilIdle() async {
        while let run = await services.runs.list().first, !Task.isCancelled {
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

    /// Cancels every run, and waits until all have cleaned up.
    package func cancelAll() async {
        let runs = await services.runs.list()
        for run in runs { run.cancel() }
        for run in runs { _ = await run.outcome() }
    }
}

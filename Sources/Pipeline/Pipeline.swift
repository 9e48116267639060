package import Build
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
        package let builder: DockerfileBuilder
        package let deployer: any Deployer
        package let routes: RouteTable
        package let hooks: HookRunner
        /// The runs that go on now.
        package let runs = Runs()
        /// Seconds that old processes get to finish their requests.
        package let drainSeconds: Int
        /// The address at which people reach an app.
        package let address: @Sendable (AppName) -> String
        package let logger: Logger

        package init(
            database: DatabasePool, builder: DockerfileBuilder, deployer: any Deployer, routes: RouteTable,
            hooks: HookRunner, drainSeconds: Int, address: @escaping @Sendable (AppName) -> String, logger: Logger
        ) {
            apps = AppStore(database)
            builds = BuildStore(database)
            releases = ReleaseStore(database)
            processes = ProcessStore(database)
            self.builder = builder
            self.deployer = deployer
            self.routes = routes
            self.hooks = hooks
            self.drainSeconds = drainSeconds
            self.address = address
            self.logger = logger
        }
    }

    private let services: Services
    private let queue: DeployQueue
    private let wake: @Sendable () -> Void

    /// - Parameters:
    ///   - slots: how many runs go on at once on this machine.
    ///   - wake: called when processes have begun to drain.
    package init(services: Services, slots: Int, wake: @escaping @Sendable () -> Void) {
        self.services = services
        queue = DeployQueue(slots: slots)
        self.wake = wake
    }

    /// The address at which people reach an app.
    package func address(of app: AppName) -> String { services.address(app) }

    /// Queues a build and starts its run, which goes on until it ends or is cancelled, whoever watches.
    ///
    /// - Throws: `DatabaseError` when it cannot be queued.
    package func submit(_ request: DeployRequest) async throws -> Run {
        let build = try await services.builds.enqueue(
            app: request.app, branch: request.branch.branchName ?? request.branch.text,
            commit: request.commit.description,
            by: request.user, message: request.message)
        let log = BuildLog(build: build.id, store: services.builds)
        let steps = DeploySteps(request: request, build: build, log: log, services: services, queue: queue)
        let task = Task { [wake] in
            let result = await steps.perform()
            wake()
            return result
        }
        let run = Run(build: build, log: log, task: task)
        await services.runs.add(run)
        return run
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

package import Build
import Foundation
import GitWire
package import Hooks
package import Logging
package import Platform
package import Postgres

/// Takes builds from the queue and makes them, so many at once; any number of workers may share one queue.
///
/// It says each 3 s that it is alive. One that is not heard of for a minute loses its builds.
package struct BuildWorker: Sendable {
    package let name: String
    private let machine: String
    private let slots: Int
    let apps: AppStore
    let releases: ReleaseStore
    private let workers: WorkerStore
    private let logs: BuildLogStore
    private let feed: BuildFeed
    let builder: Builder
    let config: ConfigStore
    let buildSettings: BuildSettingsStore
    let hooks: HookRunner
    let repositories: String
    let address: @Sendable (AppName) -> String
    let logger: Logger
    private let jobs = Jobs()

    /// - Parameters:
    ///   - name: as it is registered in the database, for the role of `database`.
    ///   - slots: how many builds its machine takes at once.
    ///   - repositories: the folder of the apps' bare repositories.
    package init(
        name: String, slots: Int, database: DatabasePool, feed: BuildFeed, builder: Builder,
        config: ConfigStore, hooks: HookRunner,
        repositories: String, address: @escaping @Sendable (AppName) -> String, logger: Logger
    ) {
        self.name = name
        machine = ProcessInfo.processInfo.hostName
        self.slots = slots
        apps = AppStore(database)
        releases = ReleaseStore(database)
        workers = WorkerStore(database)
        logs = BuildLogStore(database)
        self.feed = feed
        self.builder = builder
        self.config = config
        buildSettings = BuildSettingsStore(database)
        self.hooks = hooks
        self.repositories = repositories
        self.address = address
        self.logger = logger
    }

    /// Makes itself known, and gives up what a former process of it left: builds, containers and files.
    ///
    /// - Throws: when it is not registered, or the database or Docker cannot be used.
    package func register() async throws {
        let lost = try await workers.register(name, machine: machine, slots: slots)
        if lost > 0 { logger.notice("gave up builds of a dead worker", metadata: ["count": "\(lost)"]) }
        try await builder.removeLeftovers()
    }

    /// Works until its task is cancelled, which stops the builds as well.
    ///
    /// - Parameter isStopping: whether no further build is to begin; asked before each.
    package func run(isStopping: @escaping @Sendable () async -> Bool = { false }) async {
        for await _ in await feed.changes(of: nil) {
            do {
                for build in try await workers.beat(name, workingOn: jobs.builds) { await jobs.cancel(build) }
                while await !isStopping(), await jobs.count < slots, let build = try await workers.claim(name) {
                    await begin(build)
                }
            } catch {
                logger.warning("cannot ask for builds", metadata: ["worker": "\(name)", "error": "\(error)"])
            }
        }
        await jobs.cancelAll()
    }

    /// Waits until it works on nothing, or the task is cancelled.
    package func waitUntilIdle() async {
        // Waiting for a task does not end when the waiting one is cancelled, hence the steps.
        while await jobs.count > 0, !Task.isCancelled { _ = try? await Task.sleep(for: .milliseconds(100)) }
    }

    private func begin(_ build: Platform.Build) async {
        let log = BuildLog(build: build.id, store: logs, limit: builder.limits.logBytes)
        let job = BuildJob(build: build, worker: self, log: log)
        let task = Task {
            let outcome = await job.perform()
            // Told to the end: nobody else knows what became of it.
            await Task { await end(build, outcome) }.value
            await jobs.remove(build.id)
        }
        await jobs.add(build.id, task)
    }

    /// Hands the build back. While the database is away, what was built is worth waiting for; a worker that is not heard
    /// of for a minute has lost it.
    private func end(_ build: Platform.Build, _ outcome: BuildOutcome) async {
        for attempt in 1...20 {
            do {
                if try await !workers.end(build, outcome, by: name) {
                    logger.notice("a build was given up meanwhile", metadata: ["build": "\(build.id.text)"])
                }
                return
            } catch {
                logger.warning(
                    "cannot hand a build back yet",
                    metadata: ["build": "\(build.id.text)", "attempt": "\(attempt)", "error": "\(error)"])
                _ = try? await Task.sleep(for: .seconds(3))
            }
        }
    }

    /// The builds that are worked on.
    private actor Jobs {
        private var tasks: [UUID: Task<Void, Never>] = [:]

        var builds: [UUID] { Array(tasks.keys) }
        var count: Int { tasks.count }

        func add(_ build: UUID, _ task: Task<Void, Never>) { tasks[build] = task }
        func remove(_ build: UUID) { tasks[build] = nil }
        func cancel(_ build: UUID) { tasks[build]?.cancel() }

        func cancelAll() async {
            let ending = Array(tasks.values)
            for task in ending { task.cancel() }
            for task in ending { await task.value }
        }
    }
}

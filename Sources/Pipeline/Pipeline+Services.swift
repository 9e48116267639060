package import Deploy
package import Hooks
package import Logging
package import Platform
package import Postgres

extension Pipeline {
    /// What the steps of a run work with.
    package struct Services: Sendable {
        package let apps: AppStore
        package let builds: BuildStore
        package let releases: ReleaseStore
        package let processes: ProcessStore
        package let config: ConfigStore
        package let feed: BuildFeed
        let database: DatabasePool
        let formation: FormationStore
        let volumes: VolumeStore
        let routing: RoutingStore
        let notices: NoticeStore
        let events: EventStore
        let logs: BuildLogStore
        package let deployer: any Deployer
        package let routes: RouteTable
        package let hooks: HookRunner
        /// Whether what a build made has not been removed.
        package let isThere: @Sendable (BuildProduct) async throws -> Bool
        /// Stands for everything beside the commit that an app is built from.
        package let configHash: @Sendable (App) async throws -> String
        /// The runs that go on now.
        package let runs = Runs()
        /// The apps whose processes are being changed.
        let turns = AppTurns()
        package let times: DeployTimes
        /// The address at which people reach an app.
        package let address: @Sendable (AppName) -> String
        /// Has the reconciler look for what there is to do.
        let wake: @Sendable () -> Void
        package let logger: Logger

        package init(
            database: DatabasePool, config: ConfigStore, feed: BuildFeed, deployer: any Deployer, routes: RouteTable,
            hooks: HookRunner,
            isThere: @escaping @Sendable (BuildProduct) async throws -> Bool,
            configHash: @escaping @Sendable (App) async throws -> String,
            times: DeployTimes, address: @escaping @Sendable (AppName) -> String,
            wake: @escaping @Sendable () -> Void, logger: Logger
        ) {
            self.database = database
            apps = AppStore(database)
            builds = BuildStore(database)
            releases = ReleaseStore(database)
            processes = ProcessStore(database)
            formation = FormationStore(database)
            volumes = VolumeStore(database)
            routing = RoutingStore(database)
            notices = NoticeStore(database)
            events = EventStore(database)
            logs = BuildLogStore(database)
            self.config = config
            self.feed = feed
            self.isThere = isThere
            self.configHash = configHash
            self.deployer = deployer
            self.routes = routes
            self.hooks = hooks
            self.times = times
            self.address = address
            self.wake = wake
            self.logger = logger
        }
    }
}

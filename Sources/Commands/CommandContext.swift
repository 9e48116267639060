package import Platform

/// What a command works with: who asks, whom it answers, and the stores.
package struct CommandContext: Sendable {
    package let caller: Caller
    package let conversation: any Conversation
    let users: UserStore
    let keys: KeyStore
    let apps: AppStore
    let access: AccessStore
    let builds: BuildStore
    let logs: BuildLogStore
    let feed: BuildFeed
    let workers: WorkerStore
    let releases: ReleaseStore
    let config: ConfigStore
    let secrets: SecretStore
    let buildSettings: BuildSettingsStore
    let certificates: CertificateStore
    let certificateServices: CertificateServices
    let events: EventStore
    let formation: FormationStore
    let processes: ProcessReportStore
    let volumes: VolumeStore
    let domains: DomainStore
    let routing: RoutingStore
    let ports: PortStore
    let notices: NoticeStore
    let commits: CommitResolver
    let baseDomain: String
    let allowances: Allowances
    let address: @Sendable (AppName) -> String
    let checkBuildSettings: @Sendable (String) throws -> Void
    let diagnose: @Sendable () async -> [Diagnosis]
    let clearCache: @Sendable (App) async throws -> Int
    let upkeep: UpkeepServices
    /// Tells the daemon that there is something to do.
    let wake: @Sendable () async throws -> Void

    package init(caller: Caller, conversation: any Conversation, services: CommandServices) {
        self.caller = caller
        self.conversation = conversation
        address = services.address
        checkBuildSettings = services.checkBuildSettings
        diagnose = services.diagnose
        clearCache = services.clearCache
        upkeep = services.upkeep
        let database = services.database
        users = UserStore(database)
        keys = KeyStore(database)
        apps = AppStore(database)
        access = AccessStore(database)
        builds = BuildStore(database)
        logs = BuildLogStore(database)
        feed = services.feed
        wake = { try await Wake.send(over: database) }
        workers = WorkerStore(database)
        releases = ReleaseStore(database)
        config = ConfigStore(database, keys: services.secretKeys)
        secrets = SecretStore(database, keys: services.secretKeys)
        buildSettings = BuildSettingsStore(database)
        certificates = CertificateStore(database, keys: services.secretKeys)
        certificateServices = services.certificates
        events = EventStore(database)
        formation = FormationStore(database)
        processes = ProcessReportStore(database)
        volumes = VolumeStore(database)
        domains = DomainStore(database)
        routing = RoutingStore(database)
        ports = PortStore(database)
        notices = NoticeStore(database)
        commits = services.commits
        baseDomain = services.baseDomain
        allowances = services.allowances
    }

    /// The default host of an app.
    func host(_ app: AppName) -> String { certificateServices.defaultHost(app) }

    /// Sends a line of data.
    func print(_ text: String) async throws { try await conversation.print(text) }

    /// Sends a line of talk.
    func say(_ text: String) async throws { try await conversation.printError(text) }

    /// - Throws: `Refusal` unless the caller is an admin.
    func requireAdmin() throws(Refusal) {
        guard caller.isAdmin else { throw .adminOnly }
    }

    /// The user a command is about: the one named, for admins, else the caller.
    ///
    /// - Throws: `Refusal` when it is neither, or there is no such user.
    func subject(named name: String?) async throws -> User {
        if let name, name != caller.name {
            try requireAdmin()
            return try await users.named(UserName(name))
        }
        guard !caller.isLocal else { throw Refusal("say which user: --user NAME", exitStatus: 2) }
        return try await users.named(UserName(caller.name))
    }

    /// Notes in the audit trail what was done.
    ///
    /// - Parameter app: the one that it is about; nil for the one whose name begins the object.
    func record(_ action: String, _ object: String, of app: App? = nil, result: String = "done") async throws {
        try await events.record(action, object, of: app?.id, by: caller, result: result)
    }

    /// The key in `argument`: itself, standard input when it is nil or `-`, or on the machine a file's content.
    ///
    /// - Throws: `Refusal` that says how the key cannot be used.
    func publicKey(from argument: String?) async throws -> PublicKey {
        guard let argument, argument != "-" else {
            return try PublicKey(pasted: String(decoding: try await conversation.readAll(limit: 65_536), as: UTF8.self))
        }
        if argument.contains(" ") || !caller.isLocal && !argument.contains("/") {
            return try PublicKey(pasted: argument)
        }
        guard caller.isLocal else {
            throw Refusal(
                "a file cannot be read over ssh; pipe the key in: ssh … keys add - < \(argument.escaped)", exitStatus: 2
            )
        }
        return try PublicKey(pasted: LocalFile.read(argument))
    }
}

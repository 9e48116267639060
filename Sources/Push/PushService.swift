import Foundation
import Git
package import GitWire
package import Hooks
package import Logging
package import Pipeline
package import Platform
import Threads

/// Serves git to those who are allowed.
package struct PushService: Sendable {
    private let apps: AppStore
    private let events: EventStore
    private let pipeline: Pipeline
    private let notices: Notices
    private let upkeep: RepositoryUpkeep
    private let hooks: HookRunner
    private let repositories: String
    private let createOnPush: Bool
    private let host: @Sendable (AppName) -> String
    private let situation: @Sendable (App, ObjectID) async throws -> PushSituation
    private let limits: PushLimits
    private let agent: String
    private let logger: Logger

    /// - Parameters:
    ///   - notices: what everybody who pushes is told.
    ///   - upkeep: keeps the repositories quick.
    ///   - repositories: the folder of the apps' bare repositories; absolute.
    ///   - createOnPush: whether the first push to a free name creates the app.
    ///   - host: an app's default host.
    ///   - situation: how an app stands, as to a commit: what the plan of a push is made from.
    ///   - agent: what the server calls itself, such as `martlet/0.1`.
    package init(
        apps: AppStore, events: EventStore, pipeline: Pipeline, notices: Notices, hooks: HookRunner,
        upkeep: RepositoryUpkeep, repositories: String, createOnPush: Bool,
        host: @escaping @Sendable (AppName) -> String,
        situation: @escaping @Sendable (App, ObjectID) async throws -> PushSituation, limits: PushLimits, agent: String,
        logger: Logger
    ) {
        self.apps = apps
        self.events = events
        self.pipeline = pipeline
        self.notices = notices
        self.upkeep = upkeep
        self.hooks = hooks
        self.repositories = repositories
        self.createOnPush = createOnPush
        self.host = host
        self.situation = situation
        self.limits = limits
        self.agent = agent
        self.logger = logger
    }

    /// Serves one push: finds the app and whether the caller may deploy it, and talks to the client to the end.
    ///
    /// - Parameter path: the repository as the client named it.
    /// - Returns: the exit status.
    /// - Throws: `Refusal` before anything was sent; when the client is gone.
    package func receivePack(
        path: String, caller: Caller, protocolVersion: ProtocolVersion, conversation: any Conversation
    ) async throws -> Int32 {
        let (app, isNew) = try await findOrCreate(path, for: caller)
        let repository = "\(repositories)/\(app.repositoryName)"
        try await ensureRepository(at: repository, of: app)
        let hooks = hooks(for: app, caller)
        let planned = PlanMark()
        let policy = DeployPolicy(
            app: app, repository: repository, pipeline: pipeline, notices: notices, caller: caller, hooks: hooks,
            situation: situation, planned: planned, logger: logger)
        let receivePack = ReceivePack(
            repository: repository, conversation: conversation, policy: policy, hooks: hooks, limits: limits,
            protocolVersion: protocolVersion, agent: agent)
        do {
            let status = try await receivePack.run()
            if isNew, planned.isSet { try await forget(app, for: caller) }
            await upkeep.changed(repository)
            return status
        } catch {
            if isNew, planned.isSet { try await forget(app, for: caller) }
            throw error
        }
    }

    /// Removes an app that was created for a push that turned out to be a plan.
    private func forget(_ app: App, for caller: Caller) async throws {
        try await apps.destroy(app)
        try await events.record("apps.destroy", app.name.description, by: caller, result: "created by a plan")
    }

    /// Serves one fetch: finds the app and whether the caller may see it, and talks to the client to the end.
    ///
    /// - Parameter path: the repository as the client named it.
    /// - Returns: the exit status.
    /// - Throws: `Refusal` before anything was sent; when the client is gone.
    package func uploadPack(
        path: String, caller: Caller, protocolVersion: ProtocolVersion, conversation: any Conversation
    ) async throws -> Int32 {
        guard let name = ExecCommand.appName(fromPath: path) else {
            throw Refusal.unknownApp(String(path.prefix(60)).escaped)
        }
        let app = try await apps.named(name, for: caller, atLeast: .viewer)
        let repository = "\(repositories)/\(app.repositoryName)"
        try await ensureRepository(at: repository, of: app)
        let uploadPack = UploadPack(
            repository: repository, conversation: conversation, protocolVersion: protocolVersion, agent: agent)
        return try await uploadPack.run()
    }

    private func hooks(for app: App, _ caller: Caller) -> PushHooks {
        var environment = HookEnvironment()
        environment.app = app.name.description
        environment.user = caller.name
        environment.key = caller.keyFingerprint
        environment.source = caller.source
        environment.url = pipeline.address(of: app.name)
        return PushHooks(runner: hooks, environment: environment)
    }

    /// The app that is pushed to, and whether it was created for the push.
    private func findOrCreate(_ path: String, for caller: Caller) async throws -> (App, isNew: Bool) {
        guard let name = ExecCommand.appName(fromPath: path) else {
            throw Refusal.unknownApp(String(path.prefix(60)).escaped)
        }
        do {
            return (try await apps.named(name, for: caller, atLeast: .deployer), false)
        } catch let refusal as Refusal where refusal == .unknownApp(name) {
            return (try await create(name, for: caller, otherwise: refusal), true)
        }
    }

    /// Creates the app of a first push. A name that is somebody else's reads like one that does not exist.
    private func create(_ name: String, for caller: Caller, otherwise refusal: Refusal) async throws -> App {
        guard createOnPush, caller.userID != nil else { throw refusal }
        let appName = try AppName(name)
        do {
            let app = try await apps.create(appName, owner: UserName(caller.name), host: host(appName))
            try await events.record("apps.create", name, by: caller, result: "created by push")
            return app
        } catch let taken as Refusal where taken == .appNameTaken(name) {
            throw refusal
        }
    }

    private func ensureRepository(at path: String, of app: App) async throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try await onOwnThread { try Repository.create(at: path, defaultBranch: app.deployBranch ?? "main") }
    }
}

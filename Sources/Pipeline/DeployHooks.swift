import Hooks
import Platform

/// The hooks around one deployment.
struct DeployHooks: Sendable {
    private let runner: HookRunner
    /// The app's bare repository, in which they run.
    private let repository: String
    private let environment: HookEnvironment

    /// For a deployment that somebody asked for.
    init(
        _ runner: HookRunner, _ request: DeployRequest, _ build: Platform.Build, address: (AppName) -> String
    ) {
        self.runner = runner
        repository = request.repository
        var environment = Self.environment(of: request.app, address)
        environment.user = request.user
        environment.key = request.key
        environment.source = request.source
        environment.build = build.number
        environment.commit = build.commit
        environment.branch = build.branch
        environment.message = request.message
        self.environment = environment
    }

    /// For a release whose run is gone.
    init(_ services: Pipeline.Services, _ app: App, _ release: Release, repository: String) {
        runner = services.hooks
        self.repository = repository
        var environment = Self.environment(of: app, services.address)
        environment.user = release.createdBy
        environment.commit = release.commit
        environment.branch = release.branch
        environment.message = release.message
        self.environment = environment
    }

    /// Asks whether the commit may be built.
    ///
    /// - Parameter say: takes what the hooks print, line by line.
    /// - Throws: `RunFailure` when one declines; `CancellationError`.
    func beforeBuild(say: @escaping @Sendable (String) async throws -> Void) async throws {
        guard try await !runner.run(.preBuild, repository: repository, environment: environment, say: say) else {
            return
        }
        throw RunFailure(.failed, "pre-build hook declined", "build refused: a pre-build hook declined it")
    }

    /// Tells that the release is live, and waits for what the hooks do about it.
    ///
    /// - Returns: whether all succeeded, as if any of them mattered: the release is live.
    func afterDeployment(
        of release: Release, say: @escaping @Sendable (String) async throws -> Void
    ) async throws -> Bool {
        var environment = environment
        environment.release = release.number
        return try await runner.run(.postDeploy, repository: repository, environment: environment, say: say)
    }

    private static func environment(of app: App, _ address: (AppName) -> String) -> HookEnvironment {
        var environment = HookEnvironment()
        environment.app = app.name.description
        environment.url = address(app.name)
        return environment
    }
}

import GitWire
import Pipeline
import Platform
import Postgres
import Push

extension PushSituation {
    /// How an app stands now, as to a commit. Tells names of config variables, and no value.
    static func read(
        of app: App, commit: ObjectID, _ database: DatabasePool, _ services: Pipeline.Services
    ) async throws -> PushSituation {
        let live = try await services.releases.live(of: app.id)
        let hash = try await services.configHash(app)
        var earlier = try await services.builds.made(from: commit.description, hash, of: app)
        if let product = earlier?.product, try await !services.isThere(product) { earlier = nil }
        let staged = if let live { try await services.config.staged(of: app, after: live) } else { [String: String]() }
        return PushSituation(
            live: live.map { Live(number: $0.number, branch: $0.branch, commit: $0.commit, product: $0.product) },
            settings: try await BuildSettingsStore(database).settings(of: app),
            variableNames: try await services.config.namesForProcesses(of: app),
            formation: try await FormationStore(database).entries(of: app),
            volumes: try await VolumeStore(database).list(of: app), earlierBuild: earlier?.number,
            staged: staged)
    }
}

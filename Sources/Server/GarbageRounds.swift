import Foundation
import Logging
import Pipeline
import Platform
import Postgres

/// Removes what is of no use any more: of an app after each of its deployments, and of all every hour.
struct GarbageRounds: Sendable {
    let garbage: Garbage
    let database: DatabasePool
    let feed: BuildFeed
    let logger: Logger

    /// Goes on until its task is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { await followDeployments() }
            group.addTask {
                while (try? await Task.sleep(for: .seconds(3600))) != nil { await collect(nil) }
            }
        }
    }

    /// Several deployments that end while one is being cleaned up after are looked at together.
    private func followDeployments() async {
        var seen: [UUID: UUID]?
        for await _ in await feed.changes(of: nil) {
            guard let live = await live() else { continue }
            // What was live when the server started is left to the next full round.
            for (app, release) in live where seen.map({ $0[app] != release }) ?? false {
                guard let app = await find(app) else { continue }
                await collect(app)
            }
            seen = live
        }
    }

    private func collect(_ app: App?) async {
        await attempt { _ = try await garbage.collect(app) }
    }

    /// The live release of each app; nil when that cannot be told now.
    private func live() async -> [UUID: UUID]? {
        await attempt { try await RetentionStore(database).liveReleases() }
    }

    private func find(_ app: UUID) async -> App? {
        await attempt { try await AppStore(database).find(id: app) } ?? nil
    }

    /// What fails is tried again with the next round.
    @discardableResult
    private func attempt<Value>(_ body: () async throws -> Value) async -> Value? {
        do {
            return try await body()
        } catch  where Task.isCancelled {
            return nil
        } catch {
            logger.warning("cannot remove what is of no use", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

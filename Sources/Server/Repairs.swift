import Deploy
import Foundation
import Logging
import Pipeline
import Platform
import Postgres
import Routing

/// Runs the reconciler: when something changed or ended, when a drain is over, and every 60 s for what a lost wake missed.
struct Repairs: Sendable {
    let reconciler: Reconciler
    let pipeline: Pipeline
    let health: HealthWatch
    let database: DatabasePool
    let feed: BuildFeed
    let deployer: any Deployer
    let proxy: NginxProxy
    /// Starts the database if it is a private one that has ended.
    let startDatabase: @Sendable () async throws -> Void
    let wakes: Wakes
    let logger: Logger

    /// Makes passes until its task is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { for await _ in database.listen([Wake.channel]) { wakes.send() } }
            group.addTask { for await _ in deployer.changes() { wakes.send() } }
            group.addTask { await watchProxy() }
            group.addTask { await adopt() }
            group.addTask {
                while !Task.isCancelled {
                    wakes.send()
                    _ = try? await Task.sleep(for: .seconds(60))
                }
            }
            var timer: Task<Void, Never>?
            for await _ in wakes.stream {
                await pass()
                timer?.cancel()
                // The next drain may end long before the next full pass.
                timer = await nextDrain().map { wake(at: $0) }
            }
            timer?.cancel()
            group.cancelAll()
        }
        await health.stop()
    }

    /// Takes up what commands have queued, beside passes: those may take longer than anybody wants to wait.
    private func adopt() async {
        for await _ in await feed.changes(of: nil) {
            do {
                try await pipeline.adopt()
            } catch  where Task.isCancelled {
                return
            } catch {
                logger.error("cannot take up what is queued", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Nobody tells when nginx ends, hence a look each second.
    private func watchProxy() async {
        var wasRunning = true
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let isRunning = proxy.isRunning
            if wasRunning, !isRunning { wakes.send() }
            wasRunning = isRunning
        }
    }

    private func pass() async {
        do {
            try await reconciler.pass()
            try await health.update()
        } catch  where Task.isCancelled {
            // The daemon stops; the next one begins with a pass.
        } catch {
            logger.error("cannot bring the machine in line", metadata: ["error": "\(error)"])
            guard (error as? DatabaseError)?.isUnavailable == true else { return }
            await bringBackDatabase()
        }
    }

    /// What was missed meanwhile is seen to by the pass that follows: those who listen are told that they are back.
    private func bringBackDatabase() async {
        do {
            try await startDatabase()
        } catch  where !Task.isCancelled {
            logger.error("cannot start the database", metadata: ["error": "\(error)"])
        } catch {
            // The daemon stops.
        }
    }

    /// Where a drain is overdue, since it could not be ended, that is tried again after a while.
    private func wake(at date: Date) -> Task<Void, Never> {
        let seconds = date.timeIntervalSinceNow
        return Task {
            guard (try? await Task.sleep(for: .seconds(seconds > 0 ? seconds : 5))) != nil else { return }
            wakes.send()
        }
    }

    private func nextDrain() async -> Date? {
        do {
            return try await reconciler.nextDrain()
        } catch  where Task.isCancelled {
            return nil
        } catch {
            logger.error("cannot tell what drains", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

import Foundation
import Logging
import Pipeline
import Platform
import Postgres

/// Runs the reconciler: when something changed, when a drain is over, and every 60 s for what a lost wake missed.
struct Repairs: Sendable {
    private let reconciler: Reconciler
    private let pipeline: Pipeline
    private let database: DatabasePool
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(
        reconciler: Reconciler, pipeline: Pipeline, database: DatabasePool, wakes: AsyncStream<Void>,
        waker: AsyncStream<Void>.Continuation, logger: Logger
    ) {
        self.reconciler = reconciler
        self.pipeline = pipeline
        self.database = database
        self.wakes = wakes
        self.waker = waker
        self.logger = logger
    }

    /// Puts right what a dead daemon left, before anything is served.
    func recover() async throws { try await reconciler.recover() }

    /// Makes passes until its task is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { for await _ in database.listen([Wake.channel]) { waker.yield() } }
            waker.yield()
            group.addTask {
                while !Task.isCancelled {
                    _ = try? await Task.sleep(for: .seconds(60))
                    waker.yield()
                }
            }
            for await _ in wakes {
                await pass()
                // The next drain may end long before the next full pass.
                guard let next = await nextDrain() else { continue }
                group.addTask {
                    _ = try? await Task.sleep(for: .seconds(Self.pause(until: next)))
                    waker.yield()
                }
            }
            group.cancelAll()
        }
    }

    private func pass() async {
        do {
            try await pipeline.adopt()
            try await reconciler.pass()
        } catch  where Task.isCancelled {
            // The daemon stops; the next one begins with a pass.
        } catch {
            logger.error("cannot bring the machine in line", metadata: ["error": "\(error)"])
        }
    }

    /// Seconds to wait; for a drain that is overdue, since it could not be ended, some to try again after.
    private static func pause(until date: Date) -> Double {
        let seconds = date.timeIntervalSinceNow
        return seconds > 0 ? seconds : 5
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

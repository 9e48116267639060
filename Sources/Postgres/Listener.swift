import Logging
import Synchronization
import Threads

/// A thread that holds one connection in LISTEN and yields what comes.
final class Listener: Sendable {
    private let url: String
    private let channels: [String]
    private let logger: Logger
    private let continuation: AsyncStream<DatabaseNotification>.Continuation
    private let wakeup: Wakeup
    private let stopped = Atomic(false)

    /// - Throws: `DatabaseError` when the process has no descriptors left.
    init(
        url: String, channels: [String], logger: Logger, continuation: AsyncStream<DatabaseNotification>.Continuation
    ) throws(DatabaseError) {
        self.url = url
        self.channels = channels
        self.logger = logger
        self.continuation = continuation
        wakeup = try Wakeup()
    }

    func start() { startThread { self.run() } }

    func stop() {
        stopped.store(true, ordering: .releasing)
        wakeup.signal()
    }

    private var isStopped: Bool { stopped.load(ordering: .acquiring) }

    private func run() {
        var failures = 0
        while !isStopped {
            do throws(DatabaseError) {
                let session = try connect()
                failures = 0
                follow(session)
                if !isStopped { logger.notice("lost the connection that listens for notifications") }
            } catch {
                failures += 1
                // Once per outage: the first try may still meet the server as it stops.
                if failures == 2 { logger.warning("cannot listen for notifications", metadata: ["error": "\(error)"]) }
                pause(failures)
            }
        }
        continuation.finish()
    }

    private func connect() throws(DatabaseError) -> Session {
        let session = try Session(url: url, wakeup: wakeup)
        for channel in channels {
            let name = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            try session.run(script: "listen \"\(name)\"", Cancellation(wakeup))
        }
        continuation.yield(.reconnected)
        return session
    }

    /// Yields until the connection is lost or the listener stopped.
    private func follow(_ session: Session) {
        repeat {
            for (channel, payload) in session.takeNotifications() {
                continuation.yield(.message(channel: channel, payload: payload))
            }
            if isStopped { return }
            _ = session.waitForInput(milliseconds: -1)
        } while session.isOpen()
    }

    /// Waits 0.1 s after the first failure, twice as long after each more, 5 s at most; less when stopped.
    private func pause(_ failures: Int) {
        _ = wakeup.wait(for: -1, milliseconds: min(5000, 100 << min(failures - 1, 6)))
    }
}

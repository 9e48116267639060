import Synchronization

/// The lock that everything in this process which changes references of one repository takes turns with. Lock files
/// keep other processes out; they say "no" where this waits.
final class RepositoryLock: Sendable {
    private let mutex = Mutex(())

    private static let locks = Mutex<[String: RepositoryLock]>([:])

    /// The lock of the repository at `path`, which must be `Repository.path`.
    static func of(_ path: String) -> RepositoryLock {
        locks.withLock { locks in
            if let lock = locks[path] { return lock }
            let lock = RepositoryLock()
            locks[path] = lock
            return lock
        }
    }

    /// Runs `body` alone; blocks the thread until its turn comes.
    func withLock<Result: Sendable, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try mutex.withLock { _ throws(Failure) in try body() }
    }
}

import Glibc

/// Threads that have done their work and wait a while for more: to start one costs more than most of what they do.
final class IdleThreads: @unchecked Sendable {
    static let shared = IdleThreads()
    /// Threads that wait at most; more than a machine's cores can use at once are only for bursts.
    private static let capacity = 16
    /// Seconds that a thread waits before it ends.
    private static let patience = 5

    /// The bodies that were handed to waiting threads, and not yet taken. Guarded by `mutex`, as all below.
    private var bodies: [@Sendable () -> Void] = []
    private var waiting = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    /// Has a waiting thread run `body`; false if none waits.
    func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        // One that is handed something stays counted until it wakes up.
        guard waiting > bodies.count else { return false }
        bodies.append(body)
        pthread_cond_signal(condition)
        return true
    }

    /// Waits for the next body; nil when the thread shall end.
    func next() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard waiting < Self.capacity else { return nil }
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        end.tv_sec += Self.patience
        waiting += 1
        defer { waiting -= 1 }
        while bodies.isEmpty {
            if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT && bodies.isEmpty { return nil }
        }
        return bodies.removeFirst()
    }
}

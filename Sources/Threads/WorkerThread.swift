import Glibc
import Synchronization

/// A thread that runs the jobs of one actor, one after the other, so that blocking C work may hold it
/// without holding a thread of the cooperative pool.
///
/// An actor adopts it as its `unownedExecutor`. The thread ends once the last reference is gone and
/// every job enqueued so far has run.
package final class WorkerThread: SerialExecutor {
    private let inbox = Inbox()

    /// Starts the thread.
    package init() {
        startThread { [inbox] in inbox.run() }
    }

    deinit { inbox.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        inbox.add(UnownedJob(job), for: asUnownedSerialExecutor())
    }
}

/// The jobs waiting for a `WorkerThread`. Apart from it, so that the running thread does not keep the executor alive.
private final class Inbox: @unchecked Sendable {
    private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
    private var closed = false
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    func add(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
        pthread_mutex_lock(mutex)
        jobs.append((job, executor))
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        closed = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func run() {
        while let batch = next() {
            for (job, executor) in batch { job.runSynchronously(on: executor) }
        }
    }

    /// Waits for jobs; nil once the inbox is closed and empty.
    private func next() -> [(UnownedJob, UnownedSerialExecutor)]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while jobs.isEmpty {
            if closed { return nil }
            pthread_cond_wait(condition, mutex)
        }
        defer { jobs = [] }
        return jobs
    }
}

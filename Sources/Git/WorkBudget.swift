import Glibc
import Synchronization

/// The end of one stretch of work: by its deadline, or because somebody cancelled it. May be asked and
/// cancelled from any thread.
final class WorkBudget: Sendable {
    private let cancelled = Atomic(false)
    private let deadline = Atomic(Int.max)
    private let seconds: Int

    init(seconds: Int) { self.seconds = seconds }

    /// Starts a stretch of work: the deadline is `seconds` from now.
    func restart() { deadline.store(Self.now + seconds, ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Why the work has to stop; nil while it may go on.
    var exhaustion: String? {
        if cancelled.load(ordering: .relaxed) { return "cancelled" }
        if Self.now > deadline.load(ordering: .relaxed) { return "it takes longer than the limit of \(seconds) s" }
        return nil
    }

    func check(_ operation: String) throws(GitError) {
        if let reason = exhaustion { throw GitError(operation: operation, reason: reason) }
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return time.tv_sec
    }
}

import Synchronization

/// Remembers of one push whether it was only a plan.
final class PlanMark: Sendable {
    private let flag = Mutex(false)

    var isSet: Bool { flag.withLock { $0 } }

    func set() { flag.withLock { $0 = true } }
}

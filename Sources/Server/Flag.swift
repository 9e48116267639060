import Synchronization

/// Raised once, and never lowered.
final class Flag: Sendable {
    private let raised = Atomic(false)

    var value: Bool { raised.load(ordering: .acquiring) }

    func raise() { raised.store(true, ordering: .releasing) }
}

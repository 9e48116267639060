import Synchronization

/// The place that one connection takes in the counts of `Admission`.
final class Seat: Sendable {
    private let source: Source
    private let admission: Admission
    private let isSettled = Atomic(false)

    init(_ source: Source, in admission: Admission) {
        self.source = source
        self.admission = admission
    }

    /// The client has logged in.
    func settle() {
        if !isSettled.exchange(true, ordering: .relaxed) { admission.settle(source) }
    }

    /// The connection has ended.
    func leave() {
        settle()
        admission.release()
    }
}

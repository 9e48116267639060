/// Notices login requests that libssh has dropped without a word to anybody: bad signatures and unknown key types.
struct SilenceWatch {
    /// What to do about a dropped request.
    enum Verdict { case none, answer, disconnect }

    private let limit: Duration
    private var received: UInt64 = 0
    private var sent: UInt64 = 0
    private var isWaiting = false
    private var since: ContinuousClock.Instant?

    init(limit: Duration) { self.limit = limit }

    /// Every request so far has its answer; from now on each packet ought to bring another request.
    mutating func begin(received: UInt64, sent: UInt64) {
        self.received = received
        self.sent = sent
        isWaiting = true
        since = nil
    }

    /// A request has come.
    mutating func stop() {
        isWaiting = false
        since = nil
    }

    /// Judges the packet counts of this moment. A packet that brought no request, and to which libssh sent no answer
    /// of its own, was dropped.
    mutating func judge(
        received: UInt64, sent: UInt64, canAnswer: Bool, now: ContinuousClock.Instant
    ) -> (verdict: Verdict, next: ContinuousClock.Instant) {
        let far = now + .seconds(3600)
        guard isWaiting, received > self.received, sent == self.sent else { return (.none, far) }
        let deadline = (since ?? now) + (canAnswer ? limit / 5 : limit)
        since = since ?? now
        guard now >= deadline else { return (.none, deadline) }
        return (canAnswer ? .answer : .disconnect, far)
    }
}

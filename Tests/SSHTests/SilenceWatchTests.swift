import Testing

@testable import SSH

@Suite struct SilenceWatchTests {
    private let start = ContinuousClock.now
    private var watch = SilenceWatch(limit: .seconds(5))

    private func later(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test mutating func `a client that sends nothing may think as long as it likes`() {
        watch.begin(received: 7, sent: 3)
        let (verdict, _) = watch.judge(received: 7, sent: 3, canAnswer: true, now: later(20))
        #expect(verdict == .none)
    }

    @Test mutating func `a packet without an answer is answered after a fifth of the limit`() {
        watch.begin(received: 7, sent: 3)
        let (first, next) = watch.judge(received: 8, sent: 3, canAnswer: true, now: start)
        #expect(first == .none)
        #expect(next == later(1))
        let (second, _) = watch.judge(received: 8, sent: 3, canAnswer: true, now: later(1))
        #expect(second == .answer)
    }

    @Test mutating func `a client that cannot be answered is disconnected at the limit`() {
        watch.begin(received: 7, sent: 3)
        #expect(watch.judge(received: 8, sent: 3, canAnswer: false, now: start).verdict == .none)
        #expect(watch.judge(received: 8, sent: 3, canAnswer: false, now: later(4.9)).verdict == .none)
        #expect(watch.judge(received: 8, sent: 3, canAnswer: false, now: later(5)).verdict == .disconnect)
    }

    @Test mutating func `a packet that libssh has answered by itself is no silence`() {
        watch.begin(received: 7, sent: 3)
        _ = watch.judge(received: 8, sent: 4, canAnswer: true, now: start)
        #expect(watch.judge(received: 8, sent: 4, canAnswer: true, now: later(20)).verdict == .none)
    }

    @Test mutating func `time spent on a lookup is not the client's`() {
        watch.begin(received: 7, sent: 3)
        watch.stop()
        _ = watch.judge(received: 8, sent: 3, canAnswer: true, now: start)
        #expect(watch.judge(received: 8, sent: 3, canAnswer: true, now: later(20)).verdict == .none)
    }
}

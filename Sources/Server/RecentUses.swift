import Synchronization

/// The keys whose use was noted lately, so that the database is not told of each connection.
final class RecentUses: Sendable {
    private let noted = Mutex<[String: ContinuousClock.Instant]>([:])

    /// Whether the use of the key has to be noted now: true at most once a minute for each.
    func isDue(_ fingerprint: String) -> Bool {
        let now = ContinuousClock.now
        return noted.withLock { noted in
            if let last = noted[fingerprint], now - last < .seconds(60) { return false }
            if noted.count > 1000 { noted = noted.filter { now - $0.value < .seconds(60) } }
            noted[fingerprint] = now
            return true
        }
    }
}

import Foundation

/// When certificates are got.
enum RenewalSchedule {
    /// What is waited after the first, second, … try that failed; the last for all further ones. Seconds.
    static let pauses: [Double] = [5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600]

    /// When a certificate is to be got anew: with a third of its time left, 30 days at most, and a little earlier, so that
    /// those that were got together are not renewed together.
    static func renewal(notBefore: Date, notAfter: Date) -> Date {
        let lead = min(notAfter.timeIntervalSince(notBefore) / 3, 30 * 86_400)
        return notAfter - lead * Double.random(in: 1...1.1)
    }

    /// When to try again.
    ///
    /// - Parameter failures: how many tries failed, this one included.
    static func retry(after failure: ACMEFailure, failures: Int, now: Date = Date()) -> Date {
        let pause = failure.isOurs ? pauses[0] : pauses[min(max(failures, 1), pauses.count) - 1]
        let least = failure.isRateLimit ? max(pause, 3600) : pause
        let at = now + least * Double.random(in: 1...1.1)
        // An authority that asks for more than a week is not believed.
        return max(at, min(failure.retryAt ?? at, now + 7 * 86_400))
    }
}

package import Foundation

/// One attempt to turn a commit into a release.
package struct Build: Sendable {
    package enum Status: String, Sendable {
        case queued, running, succeeded, failed, cancelled, superseded

        /// Whether it will not change any more.
        package var isFinal: Bool { self != .queued && self != .running }
    }

    package let id: UUID
    package let appID: UUID
    /// 1, 2, … within the app.
    package let number: Int
    /// The branch that was pushed, such as `main`.
    package let branch: String
    /// 40 hexadecimal digits.
    package let commit: String
    package let status: Status
    package let createdBy: String
    /// What the pusher said of it; nil when they said nothing.
    package let message: String?
    /// Why it did not succeed; nil unless it ended so.
    package let reason: String?
    package let createdAt: Date
    /// nil while it is queued.
    package let startedAt: Date?
    /// nil until it ended.
    package let finishedAt: Date?
}

package import Foundation

/// An immutable, numbered state of an app that can run: an image and how to run it.
package struct Release: Sendable {
    package enum Status: String, Sendable {
        /// Its processes are being started and checked.
        case starting
        /// It has been decided on: whatever happens, it is carried on to `live`.
        case switching
        /// It serves a share of the requests beside the live one.
        case canary
        case live, retired, failed
    }

    package let id: UUID
    package let appID: UUID
    /// 1, 2, … within the app; printed as `v1`.
    package let number: Int
    /// nil when the build was forgotten.
    package let buildID: UUID?
    package let branch: String
    package let commit: String
    /// The reference updates that become visible with it, as `OLD NEW NAME` lines.
    package let updates: String
    /// What it runs, and how.
    package let product: BuildProduct
    /// The config variables of its processes, sealed; nil for none.
    package let config: [UInt8]?
    package let status: Status
    package let createdBy: String
    package let message: String?
    /// What it is, where that is not its commit, such as `rollback to v3`; nil otherwise.
    package let summary: String?
    package let createdAt: Date
    /// nil until it went live.
    package let liveAt: Date?
    /// Until then it is watched, and gives way to the one before if it does not do well; nil when it is not. Of one that is
    /// retired: it gave way to another while it was still watched.
    package let guardUntil: Date?
    /// Of a canary: the share of requests that it gets, in percent; nil otherwise.
    package let weight: Int?

    /// Its status as people read it, such as `live`, `canary 10 %`, or `ended canary` for one that was not promoted.
    package var statusWords: String {
        guard let weight, [.canary, .failed].contains(status) else { return status.rawValue }
        return status == .canary ? "canary \(weight) %" : "ended canary"
    }
    /// Whether its image or site was removed since: nobody can go back to it.
    package var isRemoved = false
}

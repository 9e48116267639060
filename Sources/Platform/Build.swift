package import Foundation

/// One attempt to turn a commit into a release.
package struct Build: Sendable {
    package enum Status: String, Sendable {
        case queued, running, succeeded, failed, cancelled, superseded
    }

    /// How far a running build is.
    package enum Stage: String, Sendable {
        /// A worker builds it.
        case building
        /// The worker is done: there is a product, or a reason why not.
        case built
        case deploying
    }

    /// What a run does.
    package enum Kind: String, Sendable {
        /// It builds a commit, and deploys what comes of it.
        case build
        /// It builds nothing; no worker is asked.
        case deploy
    }

    package let id: UUID
    package let appID: UUID
    package let kind: Kind
    /// What it is to do; nil for to build its commit and to make that live, with today's config.
    package let intent: DeployIntent?
    /// 1, 2, … within the app.
    package let number: Int
    /// The branch that was pushed, such as `main`.
    package let branch: String
    /// 40 hexadecimal digits.
    package let commit: String
    package let status: Status
    /// nil unless it is running.
    package let stage: Stage?
    package let createdBy: String
    /// What the pusher said of it; nil when they said nothing.
    package let message: String?
    /// Why it did not succeed, or why there was nothing to do; nil otherwise.
    package let reason: String?
    package let createdAt: Date
    /// nil while it is queued.
    package let startedAt: Date?
    /// nil until it has ended, and its log with it.
    package let finishedAt: Date?
    /// The reference updates that become visible with its release, as `OLD NEW NAME` lines; empty when its branch moves
    /// from whatever it is by then.
    package let updates: String
    /// The address that it was asked for from; nil when unknown.
    package let source: String?
    /// The fingerprint of the key that asked for it; nil when none was used.
    package let key: String?
    /// Whether it goes on when nobody watches.
    package let isDetached: Bool
    package let noCache: Bool
    /// The worker that builds it, or did; nil before.
    package let worker: String?
    /// Who asked for its end; nil when nobody did.
    package let cancelledBy: String?
    /// nil until it is built.
    package let product: BuildProduct?
    /// What failed in a few words, such as `build failed`; nil unless its worker failed.
    package let summary: String?
    /// Whether nothing that the app is built from has changed since the live release.
    package let isSkipped: Bool
    /// How many lines its log has.
    package let logLines: Int
}

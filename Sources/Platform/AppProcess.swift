package import Foundation

/// One container of a release.
package struct AppProcess: Sendable {
    package enum State: String, Sendable {
        case starting, running
        /// Out of the routes; finishing what it does.
        case draining
        case stopped
    }

    package let id: UUID
    package let appID: UUID
    package let releaseID: UUID
    /// The process type, such as `web`.
    package let type: String
    /// 1, 2, … within the type.
    package let index: Int
    /// The container's ID; nil until it was created.
    package let container: String?
    /// `ADDRESS:PORT`; nil until it runs.
    package let address: String?
    package let state: State
    /// Whether requests may go to it.
    package let isReady: Bool
    /// How often the engine started it anew.
    package let restarts: Int
    /// nil until it runs.
    package let startedAt: Date?
    /// What is wrong with it now, such as `GET /up answered 503`; nil when nothing is.
    package let problem: String?
    /// When a draining process is stopped; nil otherwise.
    package let drainUntil: Date?

    /// Such as `web.1`.
    package var name: String { "\(type).\(index)" }
}

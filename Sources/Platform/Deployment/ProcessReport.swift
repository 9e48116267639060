package import Foundation

/// A process as those who look after an app see it.
package struct ProcessReport: Sendable {
    /// The number of its release.
    package let release: Int
    package let type: String
    /// 1, 2, … within the type.
    package let index: Int
    package let state: AppProcess.State
    /// Whether requests may go to it.
    package let isReady: Bool
    /// How often it was started anew.
    package let restarts: Int
    /// nil until it runs.
    package let startedAt: Date?
    /// `ADDRESS:PORT`; nil until it runs.
    package let address: String?
    /// The container's ID; nil until it was created.
    package let container: String?
    /// What is wrong with it, one line; nil when nothing is.
    package let problem: String?
}

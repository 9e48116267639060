package import Foundation

/// What is asked for when a build is queued.
package struct BuildRequest: Sendable {
    /// The build's ID, chosen by whoever asks, so that they know it before anybody can see it.
    package var id = UUID()
    package var branch: String
    /// 40 hexadecimal digits.
    package var commit: String
    /// Who asks.
    package var user: String
    /// What they say of it; nil when they say nothing.
    package var message: String?
    /// As in `Build.updates`.
    package var updates = ""
    package var source: String?
    package var key: String?
    package var isDetached = false
    package var noCache = false
    /// What is to be done; nil for to build the commit and to make that live, with today's config.
    package var intent: DeployIntent?

    package init(branch: String, commit: String, user: String) {
        self.branch = branch
        self.commit = commit
        self.user = user
    }
}

package import Git
package import GitWire
package import Platform

/// What a push, a retry or a command asks the pipeline to make live.
package struct DeployRequest: Sendable {
    package let app: App
    /// The app's bare repository.
    package let repository: String
    package let branch: ReferenceName
    package let commit: ObjectID
    /// The reference updates that become visible together with the release; the deploy branch's is among them.
    package let updates: [ReferenceUpdate]
    /// Who asks.
    package let user: String
    /// The fingerprint of their key; nil when none was used.
    package let key: String?
    /// The address they come from, or `local`.
    package let source: String?
    /// What they say of it; nil when they say nothing.
    package let message: String?
    /// Whether cached build steps are run again.
    package let noCache: Bool

    package init(
        app: App, repository: String, branch: ReferenceName, commit: ObjectID, updates: [ReferenceUpdate], user: String,
        key: String? = nil, source: String? = nil, message: String?, noCache: Bool
    ) {
        self.app = app
        self.repository = repository
        self.branch = branch
        self.commit = commit
        self.updates = updates
        self.user = user
        self.key = key
        self.source = source
        self.message = message
        self.noCache = noCache
    }
}

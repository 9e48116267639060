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
    /// The reference updates that become visible together with the release; the deploy branch's is among them. Empty when
    /// the branch is to move to the commit from whatever it is by then.
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
    /// Whether it goes on when nobody watches, after a restart of the server too.
    package let isDetached: Bool
    /// What is to be done, if that is not to make live what is built.
    package let intent: DeployIntent?

    package init(
        app: App, repository: String, branch: ReferenceName, commit: ObjectID, updates: [ReferenceUpdate], user: String,
        key: String? = nil, source: String? = nil, message: String?, noCache: Bool, isDetached: Bool,
        intent: DeployIntent? = nil
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
        self.isDetached = isDetached
        self.intent = intent
    }

    /// What a build in the database asks for; nil when its commit or branch is not one.
    init?(_ build: Build, of app: App, repository: String) {
        guard let branch = ReferenceName.branch(build.branch), let commit = ObjectID(build.commit) else { return nil }
        self.init(
            app: app, repository: repository, branch: branch, commit: commit,
            updates: ReferenceUpdate.decode(build.updates), user: build.createdBy, key: build.key, source: build.source,
            message: build.message, noCache: build.noCache, isDetached: build.isDetached,
            intent: build.intent)
    }

    /// The row that asks for it.
    var row: BuildRequest {
        var row = BuildRequest(branch: branch.branchName ?? branch.text, commit: commit.description, user: user)
        row.message = message
        row.updates = ReferenceUpdate.encode(updates)
        row.source = source
        row.key = key
        row.isDetached = isDetached
        row.noCache = noCache
        row.intent = intent
        return row
    }

    /// Whether the new release is to get a share of the requests only.
    var isCanary: Bool { intent?.canary != nil && intent?.action == .deploy }
}

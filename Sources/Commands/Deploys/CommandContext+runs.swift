import Platform

extension CommandContext {
    /// Asks the daemon to do what an intent says, notes that in the audit trail, and follows it unless told otherwise.
    ///
    /// - Parameters:
    ///   - release: the one whose branch and commit stand for it in lists.
    ///   - action: what the audit trail calls it, such as `ps.scale`.
    ///   - isDetached: whether nobody waits for it here.
    /// - Throws: `Refusal` with exit status 1 when it does not succeed.
    func start(
        _ intent: DeployIntent, of app: App, like release: Release, message: String? = nil, action: String,
        isDetached: Bool
    ) async throws {
        var request = BuildRequest(branch: release.branch, commit: release.commit, user: caller.name)
        request.message = message
        request.intent = intent
        try await start(request, of: app, action: action, isDetached: isDetached)
    }

    /// Asks the daemon for a run, as `start(_:of:like:message:action:isDetached:)` does.
    func start(_ request: BuildRequest, of app: App, action: String, isDetached: Bool) async throws {
        var request = request
        request.source = caller.source
        request.key = caller.keyFingerprint
        // The daemon finds it in the queue, and takes it to its end whoever watches.
        request.isDetached = true
        let build = try await builds.enqueue(request, for: app)
        try await wake()
        let what = build.what
        try await record(action, "\(app.name) \(what)", result: "queued as \(build.name)")
        try await say("\(build.name) of '\(app.name)' is queued: \(what)")
        if !isDetached { try await follow(build, of: app) }
    }

    /// The release that serves.
    ///
    /// - Throws: `Refusal` when there is none.
    func live(_ app: App) async throws -> Release {
        guard let live = try await releases.live(of: app.id) else { throw Refusal.nothingLive(app.name) }
        return live
    }

    /// Whether a run of the app waits or goes on.
    func isBusy(_ app: App) async throws -> Bool {
        try await builds.list(of: app, limit: 20).contains { $0.finishedAt == nil }
    }
}

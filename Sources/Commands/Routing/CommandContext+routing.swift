import Platform

extension CommandContext {
    /// Has the proxy do what was just set for an app, waits until it does, and says what keeps it from that.
    func route(_ app: App) async throws {
        try await wake()
        try await sayRoutingProblems(of: app, waits: true)
    }

    /// Says why an app's routes are not as they should be; nothing when they are.
    func sayRoutingProblems(of app: App, waits: Bool = false) async throws {
        for problem in try await upkeep.routing(app, waits) { try await say("warning: \(problem.escaped)") }
    }
}

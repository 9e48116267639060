import Platform

/// Finds out which apps make nginx refuse a configuration.
struct CulpritSearch {
    let program: NginxProgram
    let folder: NginxFolder
    /// The configuration of `apps` alone.
    let configuration: ([NginxApp]) -> NginxConfiguration

    /// The names of those that nginx does not take, with its words. Empty when each is taken by itself.
    ///
    /// - Throws: `RoutingError` when nginx would not take a configuration without any app either.
    func run(_ apps: [NginxApp]) async throws(RoutingError) -> [(app: String, reason: String)] {
        if let problem = try await problem(of: []) { throw problem }
        var culprits: [(app: String, reason: String)] = []
        for app in try await suspects(apps) {
            if let problem = try await problem(of: [app]) { culprits.append((app.name, problem.reason)) }
        }
        return culprits
    }

    /// Only what admins wrote themselves was not checked before; but one never knows.
    private func suspects(_ apps: [NginxApp]) async throws(RoutingError) -> [NginxApp] {
        let (written, others) = (apps.filter { $0.settings.snippet != nil }, apps.filter { $0.settings.snippet == nil })
        return try await problem(of: others) == nil ? written : apps
    }

    private func problem(of apps: [NginxApp]) async throws(RoutingError) -> RoutingError? {
        let configuration = configuration(apps)
        try configuration.writeCandidate()
        do throws(RoutingError) {
            try await program.check(folder.candidate, folder)
            return nil
        } catch {
            return error
        }
    }
}

import Platform

extension CommandContext {
    /// The types of processes that an app's live release is to run as; empty for a site, and while nothing is live.
    func plans(of app: App, live: Release?) async throws -> [ProcessPlan] {
        guard let live else { return [] }
        return ProcessPlan.all(
            of: live.product, formation: try await formation.entries(of: app),
            volumes: try await volumes.list(of: app))
    }

    /// - Throws: `Refusal` for a type that the release does not have.
    func check(_ types: [String], in plans: [ProcessPlan], of app: App, _ live: Release) throws(Refusal) {
        guard live.product.site == nil else {
            throw Refusal("app '\(app.name)' is a site: it has no processes")
        }
        for type in types where !plans.contains(where: { $0.type == type }) {
            let known = plans.map(\.type).joined(separator: ", ")
            throw Refusal(
                "v\(live.number) of '\(app.name)' has no processes of type '\(type.escaped)'; it has \(known)")
        }
    }

    /// Sets what is wanted of an app's processes: by a run where something is live, else for the first deploy.
    func arrange(
        _ entries: [FormationEntry], of app: App, live: Release?, summary: String, action: String, isDetached: Bool
    ) async throws {
        if let live {
            return try await start(
                DeployIntent(.arrange, summary: summary, formation: entries), of: app, like: live, action: action,
                isDetached: isDetached)
        }
        try await formation.set(entries, of: app)
        try await record(action, "\(app.name) \(summary)")
        try await say("the first deploy of '\(app.name)' uses this: \(summary)")
    }
}

/// What a process may use, in words.
enum SizeWords {
    /// Such as `512M, 0.5 CPUs`; `-` for what the server is set to.
    static func text(memoryBytes: Int?, cpus: Double?) -> String {
        let parts = [memoryBytes.map { ByteCount($0).description }, cpus.map { "\(text($0)) CPUs" }].compactMap(\.self)
        return parts.isEmpty ? "-" : parts.joined(separator: ", ")
    }

    /// Such as `2` and `0.5`.
    static func text(_ cpus: Double) -> String { cpus == cpus.rounded() ? "\(Int(cpus))" : "\(cpus)" }
}

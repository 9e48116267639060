import Platform

extension CommandContext {
    /// Sets variables, says so without their values, and deploys them unless told otherwise.
    func setConfig(_ values: [ConfigName: String], _ flags: ConfigFlags, of app: App) async throws {
        try await config.set(values, scope: flags.scope, of: app, by: caller.name)
        let names = values.keys.sorted()
        try await record(
            "config.set", "\(app.name) \(names.text)\(flags.scope.map { " --\($0.rawValue)" } ?? "")")
        try await print("set \(names.text)")
        try await deployConfig(names, verb: "set", flags.deployment, of: app)
    }

    /// Brings a change of variables to the live release, unless it is for builds only, is staged, or is there already.
    func deployConfig(_ names: [ConfigName], verb: String, _ flags: DeploymentFlags, of app: App) async throws {
        guard let live = try await releases.live(of: app.id) else { return try await say("the first deploy uses this") }
        let isBuilt = try await config.list(of: app).contains { $0.scope != .run && names.contains($0.name) }
        if isBuilt { try await say("builds use this from the next push on") }
        guard try await differs(names, from: live, of: app) else {
            return isBuilt ? () : try await say("v\(live.number) runs so already")
        }
        if flags.stage || live.product.site != nil {
            let next = "the next deploy uses this; 'deploy \(app.name)' deploys it now"
            return try await say(live.product.site == nil ? next : "v\(live.number) is a site: no process reads this")
        }
        do {
            try await start(
                DeployIntent(.deploy, product: live.number, summary: "\(verb) \(names.summary)", isRefresh: true),
                of: app, like: live, action: "deploy", isDetached: flags.run.detach)
        } catch let refusal as Refusal {
            try await say("what was \(verb) stays so, and the next deploy uses it: 'config list \(app.name)' shows it")
            throw refusal
        }
    }

    /// Whether the release's processes, or those that replace them right now, see other values than they would today.
    private func differs(_ names: [ConfigName], from live: Release, of app: App) async throws -> Bool {
        if try await isBusy(app) {
            let builds = try await config.list(of: app).filter { $0.scope == .build }.map(\.name)
            return !Set(names).isSubset(of: builds)
        }
        let staged = try await config.staged(of: app, after: live)
        return names.contains { staged[$0.description] != nil }
    }

    /// The text on standard input.
    ///
    /// - Throws: `Refusal` for more than `limit` bytes, and for what is not UTF-8. It holds nothing of the text.
    func standardInput(limit: Int) async throws -> String {
        let bytes = try await conversation.readAll(limit: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal("standard input is not UTF-8 text; encode bytes first, as with 'base64'", exitStatus: 2)
        }
        return text
    }
}

extension [ConfigName] {
    var text: String { map(\.description).joined(separator: " ") }

    /// At most five of them, with commas.
    var summary: String {
        let shown = prefix(5).map(\.description).joined(separator: ", ")
        return count > 5 ? "\(shown) and \(count - 5) more" : shown
    }
}

extension String {
    /// A shell's `echo` adds one.
    var withoutLastLineFeed: String {
        let end = hasSuffix("\r\n") || hasSuffix("\n") ? index(before: endIndex) : endIndex
        return String(self[..<end])
    }
}

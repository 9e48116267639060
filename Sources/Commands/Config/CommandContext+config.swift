import Platform

extension CommandContext {
    /// Sets variables and says so, without their values.
    func setConfig(_ values: [ConfigName: String], scope: ConfigScope?, of app: App) async throws {
        try await config.set(values, scope: scope, of: app, by: caller.name)
        let names = values.keys.sorted().text
        try await record("config.set", "\(app.name) \(names)\(scope.map { " --\($0.rawValue)" } ?? "")")
        try await print("set \(names)")
        try await sayWhenConfigApplies(to: app)
    }

    /// Says from when on a change is in force.
    func sayWhenConfigApplies(to app: App) async throws {
        let live = try await releases.live(of: app.id)
        try await say(
            live.map { "v\($0.number) keeps its config; the next deploy uses this" } ?? "the first deploy uses this")
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
}

extension String {
    /// A shell's `echo` adds one.
    var withoutLastLineFeed: String {
        let end = hasSuffix("\r\n") || hasSuffix("\n") ? index(before: endIndex) : endIndex
        return String(self[..<end])
    }
}

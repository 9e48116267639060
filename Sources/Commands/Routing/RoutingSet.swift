import ArgumentParser
import Platform

struct RoutingSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change how the proxy treats an app's requests (maintainers).",
        usage: "martlet routing set <app> KEY=VALUE …\nmartlet routing set <app> --snippet < FILE",
        discussion: RoutingWords.keys.sorted { $0.key < $1.key }.map { "\($0.key)=VALUE takes \($0.value)" }
            .joined(separator: "\n")
            + "\n'default' takes back what was set: the repository's settings, or the server's.")

    private static let largestSnippet = 16 << 10

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "KEY=VALUE.")
    var settings: [String] = []

    @Flag(help: "Read nginx directives for the app's locations from standard input (admins); nothing removes them.")
    var snippet = false

    func validate() throws {
        if settings.isEmpty, !snippet { throw ValidationError("there is nothing to set: give KEY=VALUE or --snippet") }
    }

    func run(in context: CommandContext) async throws {
        if snippet { try context.requireAdmin() }
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let text = snippet ? try await readSnippet(context) : nil
        let change = { @Sendable [settings, snippet] (routing: inout RoutingSettings) throws in
            try RoutingWords.apply(settings, to: &routing)
            if snippet { routing.snippet = text }
        }
        var wanted = try await context.routing.settings(of: app)
        try change(&wanted)
        // Directives may get on with some settings, and not with others.
        try await context.upkeep.checkRouting(app, wanted, nil)
        let changed = try await context.routing.update(of: app, change: change)
        let words = settings + (snippet ? [text == nil ? "no snippet" : "snippet"] : [])
        try await context.record("routing.set", "\(app.name) \(words.joined(separator: " "))")
        try await context.print("set \(words.joined(separator: " ").escaped)")
        try await context.route(app)
        if changed.redirectsToHTTPS == true || changed.hstsSeconds ?? 0 > 0 {
            try await context.say("TLS is for hosts that have a certificate; the others are served without")
        }
    }

    /// The directives; nil when there are none.
    private func readSnippet(_ context: CommandContext) async throws -> String? {
        let text = try await context.standardInput(limit: Self.largestSnippet)
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        guard Self.isClosed(text) else {
            throw Refusal(
                "the snippet's braces do not match, those in quotes and comments among them: it would reach beyond the app's "
                    + "locations", exitStatus: 2)
        }
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    /// Whether each block that begins ends, and none ends that did not begin, and no byte is NUL. Strings and comments are
    /// not told from the rest: a brace in them needs its partner, too.
    static func isClosed(_ text: String) -> Bool {
        var depth = 0
        for byte in text.utf8 {
            if byte == 0 { return false }
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            if depth < 0 { return false }
        }
        return depth == 0
    }
}

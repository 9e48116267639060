import ArgumentParser
import Platform

struct VisitorsAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Let in who knows a password, and nobody who knows none (maintainers).",
        usage: "martlet visitors add <app> <name> < FILE",
        discussion:
            "The password is read from standard input, less the last line feed; only its hash is kept. A name that is "
            + "there already gets a new one.")

    private static let limit = 500

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The visitor's name.")
    var name: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        try Self.check(name: name)
        let password = try await context.standardInput(limit: 1_024).withoutLastLineFeed
        try Self.check(password: password)
        let hash = PasswordHash.sha512Crypt(password)
        let settings = try await context.routing.update(of: app) { [name] settings in
            var visitors = settings.visitors ?? [:]
            visitors[name] = hash
            guard visitors.count <= Self.limit else {
                throw Refusal(
                    "app '\(app.name)' has \(Self.limit) visitors, as many as it may; 'visitors forward' asks a URL")
            }
            settings.visitors = visitors
        }
        try await context.record("visitors.add", "\(app.name) \(name)")
        try await context.print("'\(name)' may see '\(app.name)', with this password")
        try await context.route(app)
        if settings.visitors?.count == 1 { try await context.say("from now on nobody else may") }
    }

    /// - Throws: `Refusal` for a name that no visitor may have.
    static func check(name: String) throws(Refusal) {
        guard RoutingSettings.isVisitorName(name) else {
            throw Refusal(
                "'\(String(name.prefix(64)).escaped)' is not a visitor's name: use 1-64 letters, digits and '._@+-'",
                exitStatus: 2)
        }
    }

    /// - Throws: `Refusal`, which holds nothing of it.
    static func check(password: String) throws(Refusal) {
        guard !password.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Refusal("the password has a control character, which browsers do not send", exitStatus: 2)
        }
        guard (8...256).contains(password.utf8.count) else {
            throw Refusal("the password on standard input has \(password.utf8.count) bytes; use 8-256", exitStatus: 2)
        }
    }
}

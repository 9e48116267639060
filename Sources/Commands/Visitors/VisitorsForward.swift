import ArgumentParser
import Platform

struct VisitorsForward: Verb {
    static let configuration = CommandConfiguration(
        commandName: "forward",
        abstract: "Ask a URL about each request who it is (admins; maintainers may turn it off).",
        discussion:
            "hard: only those whom it answers 2xx get in. soft: everybody does, and the app is told who it is, by those of "
            + "these headers that the answer has; what clients send in them never reaches the app. off: nobody is asked.\n"
            + "Remote-User|Groups|Email|Name; X-Auth-Request-… and X-Forwarded-User|Groups|Email|Preferred-Username|"
            + "Access-Token; X-authentik-username|groups|email|name|uid|jwt|entitlements")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Such as https://login.example.com/check; not needed for off.")
    var url: String?

    @Option(help: "off, soft or hard.")
    var mode: RoutingSettings.ForwardAuthentication.Mode

    func validate() throws {
        if mode != .off, url == nil { throw ValidationError("--mode \(mode.rawValue) needs the URL to ask") }
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        // This machine asks it, and reaches what others do not.
        if mode != .off { try context.requireAdmin() }
        let checked = try url.map { text throws(Refusal) in try DomainRules.url(text) }
        try await context.routing.update(of: app) { [mode] settings in
            let url = checked ?? settings.forwardAuthentication?.url
            settings.forwardAuthentication = url.map { .init(url: $0, mode: mode) }
        }
        try await context.record("visitors.forward", "\(app.name) \(mode.rawValue)")
        try await context.print("requests to '\(app.name)' are checked by a URL: \(mode.rawValue)")
        try await context.route(app)
    }
}

extension RoutingSettings.ForwardAuthentication.Mode: ExpressibleByArgument {}

import ArgumentParser
import Platform

struct VisitorsRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Let a visitor in no more (maintainers).",
        discussion: "With the last one anybody may see the app: that needs --open.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The visitor's name.")
    var name: String

    @Flag(help: "Go on although anybody may see the app then.")
    var open = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        try await context.routing.update(of: app) { [name, open] settings in
            var visitors = settings.visitors ?? [:]
            guard visitors.removeValue(forKey: name) != nil else {
                throw Refusal(
                    "app '\(app.name)' has no visitor '\(String(name.prefix(64)).escaped)'; 'visitors list \(app.name)' shows them"
                )
            }
            guard !visitors.isEmpty || open else {
                throw Refusal(
                    "'\(name)' is the last one: without, anybody may see '\(app.name)'; if you mean it, add --open")
            }
            settings.visitors = visitors.isEmpty ? nil : visitors
        }
        try await context.record("visitors.remove", "\(app.name) \(name)")
        try await context.print("'\(name)' may see '\(app.name)' no more")
        try await context.route(app)
    }
}

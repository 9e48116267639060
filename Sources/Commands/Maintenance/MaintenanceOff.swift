import ArgumentParser
import Platform

struct MaintenanceOff: Verb {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Let visitors see the app again (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        try await context.routing.update(of: app) { $0.isInMaintenance = nil }
        try await context.record("maintenance.off", app.name.description)
        try await context.print("visitors see '\(app.name)' again")
        try await context.route(app)
    }
}

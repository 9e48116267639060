import ArgumentParser
import Platform

struct MaintenanceOn: Verb {
    static let configuration = CommandConfiguration(
        commandName: "on", abstract: "Answer all requests with a maintenance page, as 503 (maintainers).",
        discussion:
            "The processes run on. With --page the page is the HTML on standard input, from then on; nothing there "
            + "brings back Martlet's own.")

    private static let largestPage = 256 << 10

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Read the page from standard input.")
    var page = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let html = page ? try await context.standardInput(limit: Self.largestPage) : ""
        try await context.routing.update(of: app) { [page] settings in
            settings.isInMaintenance = true
            if page { settings.maintenancePage = html.contains { !$0.isWhitespace } ? html : nil }
        }
        try await context.record("maintenance.on", app.name.description)
        try await context.print("visitors of '\(app.name)' see a maintenance page")
        try await context.route(app)
        try await context.say("'maintenance off \(app.name)' ends it")
    }
}

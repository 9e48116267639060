import ArgumentParser
import Platform

struct PortsRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a port from an app (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "As in 'ports list'.")
    var port: PortWord

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let removed = try await context.ports.remove(port.port, port.transport, from: app)
        try await context.record("ports.remove", "\(app.name) \(removed.words)")
        try await context.print("port \(removed.words) leads to app '\(app.name)' no more")
        try await context.route(app)
    }
}

import ArgumentParser
import Platform

struct PortsAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Lead a port of the machine to an app's processes (maintainers; admins any port).",
        usage: "martlet ports add <app> PORT[/udp] [--type TYPE] [--target PORT]")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Such as 5432 or 53/udp, out of those that an admin has given.")
    var port: PortWord

    @Option(help: "The type of processes that answer.")
    var type = ProcessDeclaration.web

    @Option(help: "The port on which they listen; by default the same.")
    var target: Int?

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let published = PublishedPort(
            appID: app.id, transport: port.transport, port: port.port, type: try ProcessType.check(type),
            target: target ?? port.port)
        let live = try await context.releases.live(of: app.id)
        if let live { try context.check([type], in: try await context.plans(of: app, live: live), of: app, live) }
        try await context.ports.add(
            published, to: app, within: context.caller.isAdmin ? 1...65_535 : context.allowances.ports,
            obstacle: context.upkeep.portObstacle)
        try await context.record("ports.add", "\(app.name) \(published.words)")
        try await context.print("port \(published.words) leads to '\(type)' of '\(app.name)', port \(published.target)")
        try await context.route(app)
    }
}

extension PublishedPort {
    /// Such as `53/udp`.
    var words: String { "\(port)/\(transport.rawValue)" }
}

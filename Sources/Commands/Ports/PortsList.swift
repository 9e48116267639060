import ArgumentParser
import Platform

struct PortsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the machine's ports that lead to an app.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let port: Int
        let transport: String
        let type: String
        let target: Int
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entries = try await context.ports.list(of: app).map {
            Entry(port: $0.port, transport: $0.transport.rawValue, type: $0.type, target: $0.target)
        }
        try await context.list(
            entries, asJSON: json, header: ["PORT", "TYPE", "TARGET"], none: "no port leads to '\(app.name)'"
        ) { ["\($0.port)/\($0.transport)", $0.type, "\($0.target)"] }
    }
}

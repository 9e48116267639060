import ArgumentParser
import Platform

struct LimitsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what the processes of an app may use.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let type: String
        /// nil for what the server is set to.
        let memoryBytes: Int?
        let cpus: Double?
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let plans = try await context.plans(of: app, live: try await context.releases.live(of: app.id))
        let set = try await context.formation.entries(of: app).filter { entry in
            (entry.memoryBytes != nil || entry.cpus != nil) && !plans.contains { $0.type == entry.type }
        }
        let entries =
            plans.map { Entry(type: $0.type, memoryBytes: $0.memoryBytes, cpus: $0.cpus) }
            + set.map { Entry(type: $0.type, memoryBytes: $0.memoryBytes, cpus: $0.cpus) }
        try await context.list(
            entries, asJSON: json, header: ["TYPE", "MEMORY", "CPUS"], none: "app '\(app.name)' has no processes"
        ) { entry in
            [
                entry.type, entry.memoryBytes.map { ByteCount($0).description } ?? "(default)",
                entry.cpus.map(SizeWords.text) ?? "(default)",
            ]
        }
    }
}

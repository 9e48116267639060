import ArgumentParser
import Foundation
import Platform

struct EventsCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "List what was done, newest first: by people, and by Martlet itself.",
        discussion: "Without an app: what you did, and what was done to the apps that you may see; for admins all.")

    @Argument(help: "The app's name.")
    var app: String?

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var number = 50

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let at: Date
        let actor: String
        let source: String
        let action: String
        let object: String
        let result: String
    }

    func run(in context: CommandContext) async throws {
        let entries = try await events(in: context).map { event in
            Entry(
                at: event.at, actor: event.actor, source: event.source, action: event.action, object: event.object,
                result: event.result)
        }
        let header = ["AT", "WHO", "FROM", "DID", "TO", "RESULT"]
        try await context.list(entries, asJSON: json, header: header, none: "no events yet") { entry in
            [
                entry.at.minute, entry.actor, entry.source.isEmpty ? "-" : entry.source, entry.action,
                entry.object.escaped, entry.result.escaped,
            ]
        }
    }

    private func events(in context: CommandContext) async throws -> [Event] {
        let limit = min(max(1, number), 1_000)
        guard let app else { return try await context.events.list(visibleTo: context.caller, limit: limit) }
        let found = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        return try await context.events.list(of: found, limit: limit)
    }
}

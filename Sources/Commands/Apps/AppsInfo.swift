import ArgumentParser
import Foundation
import Platform

struct AppsInfo: Verb {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show an app.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entry = try await AppDetails(app, in: context)
        try await context.show(
            entry, asJSON: json,
            properties: [
                ("name", entry.name), ("state", entry.state), ("owner", entry.owner), ("address", entry.address),
                ("domains", entry.domains.isEmpty ? nil : entry.domains.joined(separator: " ")),
                ("deploy branch", entry.deployBranch ?? "(that of the first deployment)"),
                ("release", entry.release.map { "v\($0)" } ?? "none yet"),
                ("canary", entry.canary.map { "v\($0)" }), ("commit", entry.commit), ("processes", entry.processWords),
                ("created", entry.createdAt.minute),
            ])
        if !json { try await context.sayRoutingProblems(of: app) }
    }
}

import ArgumentParser
import Foundation
import Platform

struct DomainsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the addresses of an app, the default one first.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        /// A host and path, or the URL of the default address.
        let address: String
        let isDefault: Bool
        let strips: Bool
        let redirect: String?
        let createdAt: Date
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let domains = try await context.domains.list(of: app).map { domain in
            Entry(
                address: domain.address, isDefault: false, strips: domain.strips, redirect: domain.redirect,
                createdAt: domain.createdAt)
        }
        let entries = [
            Entry(
                address: context.address(app.name), isDefault: true, strips: false, redirect: nil,
                createdAt: app.createdAt)
        ]
        try await context.list(
            entries + domains, asJSON: json, header: ["ADDRESS", "LEADS TO", "SINCE"], none: "no domains"
        ) { entry in
            let path = entry.strips ? ", without the path" : entry.isDefault ? " (default)" : ""
            return [entry.address, entry.redirect ?? "the app\(path)", entry.createdAt.minute]
        }
        if !json { try await context.sayRoutingProblems(of: app) }
    }
}

import ArgumentParser
import Foundation
import Platform

struct ConfigList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List an app's config variables, without their values.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Show the values as well (deployers).")
    var reveal = false

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let name: String
        let scope: String
        let value: String?
        let updatedAt: Date
        let updatedBy: String
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: reveal ? .deployer : .viewer)
        let values = reveal ? try await context.config.values(of: app) : [:]
        let entries = try await context.config.list(of: app).map { variable in
            Entry(
                name: variable.name.description, scope: variable.scope.rawValue,
                value: values[variable.name.description], updatedAt: variable.updatedAt, updatedBy: variable.updatedBy)
        }
        let header = ["NAME", "SCOPE", "SET AT", "BY"] + (reveal ? ["VALUE"] : [])
        try await context.list(
            entries, asJSON: json, header: header,
            none: "no variables yet; 'config set \(app.name) NAME=VALUE' sets one"
        ) { entry in
            [entry.name, entry.scope, entry.updatedAt.minute, entry.updatedBy]
                + (reveal ? [(entry.value ?? "").escaped] : [])
        }
    }
}

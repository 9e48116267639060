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
        let updatedAt: Date?
        let updatedBy: String?
        /// `new`, `changed` or `unset` since the live release; nil when that has it as it is.
        let staged: String?
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: reveal ? .deployer : .viewer)
        let values = reveal ? try await context.config.values(of: app) : [:]
        let staged = try await staged(of: app, context)
        let variables = try await context.config.list(of: app)
        var entries = variables.map { variable in
            let name = variable.name.description
            return Entry(
                name: name, scope: variable.scope.rawValue, value: values[name], updatedAt: variable.updatedAt,
                updatedBy: variable.updatedBy, staged: staged[name])
        }
        let gone = Set(staged.filter { $0.value == "unset" }.keys).subtracting(entries.map(\.name))
        entries += gone.sorted().map {
            Entry(name: $0, scope: "run", value: nil, updatedAt: nil, updatedBy: nil, staged: "unset")
        }
        try await show(entries, of: app, context)
        if !staged.isEmpty {
            try await context.say("what is staged comes with the next deploy; 'deploy \(app.name)' deploys it now")
        }
    }

    private func show(_ entries: [Entry], of app: App, _ context: CommandContext) async throws {
        let header = ["NAME", "SCOPE", "SET AT", "BY", "STAGED"] + (reveal ? ["VALUE"] : [])
        try await context.list(
            entries, asJSON: json, header: header,
            none: "no variables yet; 'config set \(app.name) NAME=VALUE' sets one"
        ) { entry in
            [entry.name, entry.scope, entry.updatedAt?.minute ?? "-", entry.updatedBy ?? "-", entry.staged ?? ""]
                + (reveal ? [(entry.value ?? "").escaped] : [])
        }
    }

    /// What differs from the live release; nothing where that cannot be told, which is said.
    private func staged(of app: App, _ context: CommandContext) async throws -> [String: String] {
        guard let live = try await context.releases.live(of: app.id) else { return [:] }
        do throws(any Error) {
            return try await context.config.staged(of: app, after: live)
        } catch let error as SecretError {
            try await context.say("what is staged cannot be told: \(error)")
            return [:]
        }
    }
}

import ArgumentParser
import Foundation
import Platform

struct VolumesList: Verb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List an app's volumes.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let name: String
        let path: String
        let isReadOnly: Bool
        /// What the engine calls it.
        let engineName: String
        let createdAt: Date
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entries = try await context.volumes.list(of: app).map { volume in
            Entry(
                name: volume.name, path: volume.path, isReadOnly: volume.isReadOnly, engineName: volume.engineName,
                createdAt: volume.createdAt)
        }
        try await context.list(
            entries, asJSON: json, header: ["VOLUME", "PATH", "ACCESS", "SINCE"],
            none: "no volumes; 'volumes add \(app.name) NAME:/path' adds one"
        ) { [$0.name, $0.path, $0.isReadOnly ? "read" : "read, write", $0.createdAt.minute] }
    }
}

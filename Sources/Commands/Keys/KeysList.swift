import ArgumentParser
import Foundation
import Platform

struct KeysList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List keys: yours, or as an admin anybody's.")

    @Option(help: "Whose keys (admins).")
    var user: String?

    @Flag(help: "Everybody's keys (admins).")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let user: String
        let name: String
        let type: String
        let fingerprint: String
        let createdAt: Date
        let lastUsedAt: Date?
    }

    func run(in context: CommandContext) async throws {
        if all { try context.requireAdmin() }
        let everybody = all || context.caller.isLocal && user == nil
        let owner = everybody ? nil : try await context.subject(named: user)
        let entries = try await context.keys.list(of: owner).map {
            Entry(
                user: $0.user.description, name: $0.name, type: $0.type, fingerprint: $0.fingerprint,
                createdAt: $0.createdAt, lastUsedAt: $0.lastUsedAt)
        }
        let header = ["USER", "NAME", "TYPE", "FINGERPRINT", "LAST USED"]
        try await context.list(entries, asJSON: json, header: header, none: "no keys") {
            [$0.user, $0.name, $0.type, $0.fingerprint, $0.lastUsedAt?.minute ?? "never"]
        }
    }
}

import ArgumentParser
import Foundation
import Platform

struct UsersList: Verb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List users (admins).")

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let name: String
        let admin: Bool
        let createdAt: Date
    }

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        let entries = try await context.users.list().map {
            Entry(name: $0.name.description, admin: $0.admin, createdAt: $0.createdAt)
        }
        try await context.list(entries, asJSON: json, header: ["NAME", "ADMIN", "CREATED"], none: "no users yet") {
            [$0.name, $0.admin ? "yes" : "no", $0.createdAt.minute]
        }
    }
}

import ArgumentParser
import Foundation
import Platform

struct WorkersList: Verb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the workers (admins).")

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let name: String
        let machine: String
        let building: Int
        let slots: Int
        let isAlive: Bool
        let seenAt: Date?
    }

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        let entries = try await context.workers.list().map { worker in
            Entry(
                name: worker.name, machine: worker.machine, building: worker.building, slots: worker.slots,
                isAlive: worker.seenAt.map { $0.timeIntervalSinceNow > -60 } ?? false, seenAt: worker.seenAt)
        }
        let header = ["WORKER", "MACHINE", "BUILDING", "ALIVE", "SEEN"]
        try await context.list(entries, asJSON: json, header: header, none: "no workers yet") { entry in
            [
                entry.name, entry.machine.escaped, "\(entry.building) of \(entry.slots)", entry.isAlive ? "yes" : "no",
                entry.seenAt?.minute ?? "never",
            ]
        }
    }
}

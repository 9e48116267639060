import ArgumentParser
import Foundation
import Platform

struct GarbageCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove images, sites and builds that nothing needs any more.",
        discussion: """
            Martlet does so by itself: for an app after each deployment, and for all every hour. What runs, what is being \
            built or deployed, what was built last and what can be rolled back to always stays: MARTLET_KEEP_RELEASES of an \
            app, fewer where everything takes more than MARTLET_IMAGE_BUDGET_GIB, which is looked at without APP only. \
            With APP: maintainers; without: admins.
            """)

    @Argument(help: "The app's name; without it, all apps.")
    var app: String?

    @Flag(help: "Remove nothing, and tell what would be removed.")
    var dryRun = false

    @Flag(help: "List what stays as well, and why.")
    var explain = false

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.app(app, atLeast: .maintainer)
        let all = try await context.upkeep.collect(app, dryRun)
        let gone = all.filter { !$0.isKept }
        if !dryRun, !gone.isEmpty { try await context.record("gc", app.map { "\($0.name)" } ?? "all") }
        let header = ["APP", "WHAT", "NAME", "SIZE", "FATE", "WHY"]
        try await context.list(explain ? all : gone, asJSON: json, header: header, none: "nothing is without use") {
            [
                $0.app, $0.kind.rawValue, $0.name, $0.bytes == 0 ? "-" : ByteCount($0.bytes).short, fate($0),
                $0.reason.escaped,
            ]
        }
        if !gone.isEmpty { try await context.say(summary(gone)) }
    }

    private func fate(_ entry: GarbageEntry) -> String { entry.isKept ? "stays" : dryRun ? "would go" : "removed" }

    /// Layers that others share are counted as well, hence at most.
    private func summary(_ gone: [GarbageEntry]) -> String {
        let size = ByteCount(gone.reduce(0) { $0 + $1.bytes }).short
        return dryRun ? "\(gone.count) would be removed, \(size) at most" : "removed \(gone.count), \(size) at most"
    }
}

import ArgumentParser
import Foundation
import Platform

struct BuildsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List an app's builds, newest first.")

    @Argument(help: "The app's name.")
    var app: String

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var number = 20

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let number: Int
        let kind: String
        let what: String
        let status: String
        let commit: String
        let branch: String
        let createdBy: String
        let message: String?
        let reason: String?
        let createdAt: Date
        let seconds: Double?
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entries = try await context.builds.list(of: app, limit: max(1, number)).map { build in
            Entry(
                number: build.number, kind: build.kind.rawValue, what: build.what, status: build.status.rawValue,
                commit: build.commit, branch: build.branch,
                createdBy: build.createdBy, message: build.message, reason: build.reason, createdAt: build.createdAt,
                seconds: build.finishedAt.map { $0.timeIntervalSince(build.startedAt ?? build.createdAt) })
        }
        let header = ["BUILD", "STATUS", "COMMIT", "BRANCH", "BY", "AT", "TOOK", "WHAT", "WHY"]
        try await context.list(entries, asJSON: json, header: header, none: "no builds yet") { entry in
            [
                "\(entry.number)", entry.status, String(entry.commit.prefix(7)), entry.branch.escaped, entry.createdBy,
                entry.createdAt.minute, entry.seconds.map { String(format: "%.1f s", $0) } ?? "-",
                entry.what.hasPrefix("commit ") ? "" : entry.what.escaped, entry.reason ?? entry.message ?? "",
            ]
        }
    }
}

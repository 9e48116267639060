import ArgumentParser
import Foundation
import Platform

struct ReleasesList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List an app's releases, newest first.")

    @Argument(help: "The app's name.")
    var app: String

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var number = 20

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let number: Int
        let status: String
        let weight: Int?
        /// The status as people read it.
        let statusWords: String
        let commit: String
        let branch: String
        let createdBy: String
        let summary: String?
        let message: String?
        let createdAt: Date
        let liveAt: Date?
        /// Whether its image or site was removed since.
        let isRemoved: Bool
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let entries = try await context.releases.list(of: app, limit: max(1, number)).map { release in
            Entry(
                number: release.number, status: release.status.rawValue, weight: release.weight,
                statusWords: release.statusWords, commit: release.commit, branch: release.branch,
                createdBy: release.createdBy,
                summary: release.summary, message: release.message, createdAt: release.createdAt,
                liveAt: release.liveAt, isRemoved: release.isRemoved)
        }
        let header = ["RELEASE", "STATUS", "COMMIT", "BY", "AT", "WHAT"]
        try await context.list(entries, asJSON: json, header: header, none: "no releases yet; push to deploy one") {
            entry in
            [
                "v\(entry.number)", entry.statusWords + (entry.isRemoved ? ", removed" : ""),
                String(entry.commit.prefix(7)), entry.createdBy, (entry.liveAt ?? entry.createdAt).minute,
                [entry.summary, entry.message].compactMap(\.self).joined(separator: ": ").escaped,
            ]
        }
    }
}

import ArgumentParser
import Foundation
import Platform

struct ReleasesInfo: Verb {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show all about a release.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The release, such as v3; by default the live one.")
    var release: ReleaseNumber?

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let number: Int
        let status: String
        let weight: Int?
        /// The status as people read it.
        let statusWords: String
        let summary: String?
        let message: String?
        let commit: String
        let branch: String
        let createdBy: String
        let method: String
        let image: String
        let site: String?
        let port: Int
        let healthPath: String?
        let processes: [ProcessDeclaration]
        /// The names of its config variables.
        let config: [String]
        let createdAt: Date
        let liveAt: Date?
        let guardUntil: Date?
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let release: Release
        if let wanted = self.release {
            release = try await context.releases.find(wanted.number, of: app)
        } else {
            release = try await context.live(app)
        }
        let entry = Self.entry(release, config: try context.config.variables(of: release).keys.sorted())
        try await context.show(entry, asJSON: json, properties: Self.properties(entry))
    }

    private static func entry(_ release: Release, config: [String]) -> Entry {
        let product = release.product
        return Entry(
            number: release.number, status: release.status.rawValue, weight: release.weight,
            statusWords: release.statusWords, summary: release.summary,
            message: release.message, commit: release.commit, branch: release.branch, createdBy: release.createdBy,
            method: product.method, image: product.image, site: product.site?.folder, port: product.port,
            healthPath: product.healthPath, processes: product.processes, config: config, createdAt: release.createdAt,
            liveAt: release.liveAt, guardUntil: release.guardUntil)
    }

    private static func properties(_ entry: Entry) -> [(name: String, value: String?)] {
        let types = entry.processes.map(\.type)
        let isWatched = entry.status == Release.Status.live.rawValue && (entry.guardUntil ?? .distantPast) > Date()
        return [
            ("release", "v\(entry.number)"), ("status", entry.statusWords),
            ("watched until", isWatched ? entry.guardUntil?.minute : nil), ("what", entry.summary?.escaped),
            ("message", entry.message?.escaped), ("commit", entry.commit), ("branch", entry.branch.escaped),
            ("by", entry.createdBy), ("method", entry.method), ("image", entry.image), ("site", entry.site),
            ("port", entry.site == nil ? "\(entry.port)" : nil), ("health check", entry.healthPath?.escaped),
            ("processes", entry.site == nil ? (types.isEmpty ? "web" : types.joined(separator: " ")) : nil),
            ("config", entry.config.isEmpty ? nil : entry.config.joined(separator: " ")),
            ("made", entry.createdAt.minute), ("went live", entry.liveAt?.minute),
        ]
    }
}

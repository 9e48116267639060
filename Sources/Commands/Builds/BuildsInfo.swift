import ArgumentParser
import Foundation
import Platform

struct BuildsInfo: Verb {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show all about a build.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The build's number; by default the newest.")
    var build: Int?

    @Flag(help: "Print JSON.")
    var json = false

    private struct Entry: Encodable {
        let number: Int
        let kind: String
        let what: String
        let status: String
        let stage: String?
        let commit: String
        let branch: String
        let createdBy: String
        let message: String?
        let reason: String?
        let waits: String?
        let method: String?
        let image: String?
        let worker: String?
        let cancelledBy: String?
        let logLines: Int
        let createdAt: Date
        let startedAt: Date?
        let finishedAt: Date?
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let build = try await context.builds.find(build, of: app)
        let obstacle = build.status == .queued ? try await context.builds.obstacle(of: build) : nil
        let entry = Entry(
            number: build.number, kind: build.kind.rawValue, what: build.what, status: build.status.rawValue,
            stage: build.stage?.rawValue, commit: build.commit,
            branch: build.branch, createdBy: build.createdBy, message: build.message, reason: build.reason,
            waits: obstacle?.description, method: build.product?.method, image: build.product?.image,
            worker: build.worker, cancelledBy: build.cancelledBy, logLines: build.logLines, createdAt: build.createdAt,
            startedAt: build.startedAt, finishedAt: build.finishedAt)
        try await context.show(
            entry, asJSON: json,
            properties: [
                ("build", "\(entry.number)"), ("does", entry.what.escaped),
                ("status", [entry.status, entry.stage].compactMap(\.self).joined(separator: ", ")),
                ("waits", entry.waits), ("why", entry.reason), ("commit", entry.commit),
                ("branch", entry.branch.escaped),
                ("by", entry.createdBy), ("message", entry.message), ("cancelled by", entry.cancelledBy),
                ("method", entry.method), ("image", entry.image), ("worker", entry.worker),
                ("log", "\(entry.logLines) lines"), ("queued", entry.createdAt.minute),
                ("started", entry.startedAt?.minute), ("ended", entry.finishedAt?.minute),
            ])
    }
}

import ArgumentParser
import Foundation
import Platform

struct PsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List an app's processes: those that run, and those that should.")

    @Argument(help: "The app's name.")
    var app: String

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let live = try await context.releases.live(of: app.id)
        let plans = try await context.plans(of: app, live: live)
        let reports = try await context.processes.list(of: app)
        let failures = if let live { try await context.processes.failures(of: live) } else { [String: String]() }
        let entries = ProcessEntry.all(
            reports: reports, failures: failures, plans: plans, live: live?.number, isStopped: app.isStopped)
        let header = ["PROCESS", "RUNNING", "RELEASE", "STATE", "SIZE", "RESTARTS", "AGE", "ADDRESS", "PROBLEM"]
        try await context.list(
            entries, asJSON: json, header: header, none: none(app, live), cells: \.cells)
        if app.isStopped, !entries.isEmpty {
            try await context.say("app '\(app.name)' is stopped; 'ps start \(app.name)' starts it")
        }
    }

    private func none(_ app: App, _ live: Release?) -> String {
        if live?.product.site != nil {
            return "app '\(app.name)' is a site: the proxy serves its files, no process runs"
        }
        if app.isStopped { return "app '\(app.name)' is stopped; 'ps start \(app.name)' starts it" }
        return live == nil ? "no processes yet; push to '\(app.name)' first" : "no processes; 'ps scale' wants some"
    }
}

import ArgumentParser
import Platform

struct DomainsRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a domain from an app (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "As in 'domains list'.")
    var address: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let wanted = DomainAddress(address)
        let domain = try await context.domains.remove(wanted.host, path: wanted.path, from: app)
        try await context.record("domains.remove", "\(app.name) \(domain.address)")
        try await context.print("'\(domain.address)' leads to app '\(app.name)' no more")
        try await context.route(app)
    }
}

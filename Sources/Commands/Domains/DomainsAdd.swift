import ArgumentParser
import Platform

struct DomainsAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Lead a host, or a path of one, to an app (maintainers).",
        discussion: "Its name has to be resolved to this server: that is its owner's to do.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Such as www.example.com or www.example.com/api.")
    var address: String

    @Flag(help: "The app sees its paths without the domain's.")
    var strip = false

    @Option(help: "Send visitors to this URL instead.")
    var redirect: String?

    func validate() throws {
        if strip, redirect != nil {
            throw ValidationError("--strip is for the app, which --redirect keeps visitors from")
        }
        if strip, DomainAddress(address).path == "/" { throw ValidationError("--strip needs a path, such as HOST/api") }
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let wanted = DomainAddress(address)
        let domain = try await context.domains.add(
            wanted.host, path: wanted.path, strips: strip, redirect: redirect, to: app, by: context.caller,
            baseDomain: context.baseDomain, check: { try await context.upkeep.checkRouting(app, nil, $0) })
        try await context.record("domains.add", "\(app.name) \(domain.address)")
        try await context.print(
            "'\(domain.address)' leads to \(domain.redirect.map { "'\($0)'" } ?? "app '\(app.name)'")")
        try await context.route(app)
    }
}

import ArgumentParser
import Platform

struct CertificatesInfo: Verb {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show all about the certificate of a host.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "One of its hosts.")
    var host: String

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .viewer)
        let host = try await context.host(host, of: app)
        let entry = CertificateEntry(
            host: host, app: app.name.description, try await context.certificate(for: host))
        try await context.show(
            entry, asJSON: json,
            properties: [
                ("host", entry.host), ("app", entry.app), ("certificate", entry.origin),
                ("state", entry.state.rawValue),
                ("for", entry.names?.joined(separator: ", ").escaped), ("issued by", entry.issuer?.escaped),
                ("valid from", entry.notBefore?.minute), ("valid until", entry.notAfter?.minute), ("why", entry.error),
                ("failed", entry.failures == 0 ? nil : "\(entry.failures) times"), ("tried", entry.triedAt?.minute),
                (entry.error == nil ? "renewed" : "next try", entry.nextTryAt?.minute),
            ])
    }
}

import ArgumentParser
import Foundation
import Platform

struct CertificatesList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List an app's hosts with their certificates, or as an admin all.")

    @Argument(help: "The app's name.")
    var app: String?

    @Flag(help: "Every certificate there is (admins).")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (app == nil) == all else { throw ValidationError("name an app, or give --all") }
    }

    func run(in context: CommandContext) async throws {
        let entries: [CertificateEntry]
        if let app {
            entries = try await Self.entries(
                of: context.apps.named(app, for: context.caller, atLeast: .viewer), context)
        } else {
            try context.requireAdmin()
            entries = try await Self.all(context)
        }
        let header = ["HOST", "APP", "CERTIFICATE", "STATE", "UNTIL", "NEXT TRY", "WHY"]
        try await context.list(entries, asJSON: json, header: header, none: "no certificates") { entry in
            [
                entry.host, entry.app ?? "-", entry.origin, entry.state.rawValue, entry.notAfter?.minute ?? "-",
                entry.error == nil ? "-" : entry.nextTryAt?.minute ?? "-", entry.error ?? "",
            ]
        }
    }

    /// The app's hosts, whether they have one or not, and what it has for hosts that are not its own any more.
    private static func entries(of app: App, _ context: CommandContext) async throws -> [CertificateEntry] {
        var entries: [CertificateEntry] = []
        let name = app.name.description
        for host in try await context.hosts() where host.appID == app.id {
            entries.append(CertificateEntry(host: host.host, app: name, try await context.certificate(for: host.host)))
        }
        let listed = Set(entries.map(\.host))
        for certificate in try await context.certificates.list()
        where certificate.appID == app.id && !listed.contains(certificate.host) {
            entries.append(CertificateEntry(host: certificate.host, app: name, certificate))
        }
        return entries
    }

    private static func all(_ context: CommandContext) async throws -> [CertificateEntry] {
        let names = Dictionary(try await context.hosts().map { ($0.appID, $0.app.description) }) { first, _ in first }
        return try await context.certificates.list().map { certificate in
            CertificateEntry(host: certificate.host, app: certificate.appID.flatMap { names[$0] }, certificate)
        }
    }
}

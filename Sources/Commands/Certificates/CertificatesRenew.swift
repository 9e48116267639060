import ArgumentParser
import Platform

struct CertificatesRenew: Verb {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Try to get a host's certificate now (maintainers).",
        discussion: "It happens in the background, 'certificates info' shows how it went. Authorities limit how often.")

    /// An authority that is asked too often answers nobody any more.
    private static let pauseSeconds = 60

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "One of its hosts.")
    var host: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let host = try await context.host(host, of: app)
        guard let certificate = try await context.certificate(for: host) else {
            throw Refusal(
                context.certificateServices.isAutomatic
                    ? "no certificate is got for '\(host)': an authority knows public names only, and an app's own name once "
                        + "it serves"
                    : "no certificates are got by themselves here: an admin may set MARTLET_ACME_EMAIL; or bring your own "
                        + "with 'certificates add'")
        }
        guard certificate.source == .acme else {
            throw Refusal("'\(host)' has an own certificate; bring a new one with 'certificates add'")
        }
        // The wildcard serves all apps.
        if certificate.appID == nil { try context.requireAdmin() }
        guard try await context.certificates.renew(certificate.host, unlessTriedWithin: Self.pauseSeconds) else {
            throw Refusal("'\(certificate.host)' was tried within the last minute; wait a little")
        }
        try await context.record("certificates.renew", "\(app.name) \(certificate.host)")
        try await context.print(
            "a certificate for '\(certificate.host)' is asked for; 'certificates info \(app.name) \(host)' shows how it went"
        )
    }
}

import ArgumentParser
import Platform

struct CertificatesRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a certificate of your own (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The host.")
    var host: String

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let host = host.lowercased()
        let keeper = try await context.keeper(ofCertificateFor: host, app)
        guard try await context.certificates.remove(host, of: keeper) else {
            throw Refusal(
                "app '\(app.name)' has no own certificate for '\(host.escaped)'; those that are got by themselves go with "
                    + "their domain")
        }
        try await context.record("certificates.remove", "\(app.name) \(host)")
        try await context.print(
            context.certificateServices.isAutomatic
                ? "forgot the own certificate for '\(host)'; one is got from the certificate authority"
                : "forgot the own certificate for '\(host)'")
    }
}

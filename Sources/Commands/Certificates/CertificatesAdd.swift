import ArgumentParser
import Platform

struct CertificatesAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Bring a certificate of your own for a host (maintainers).",
        usage: """
            cat chain.pem key.pem | ssh … certificates add <app> <host>
            martlet certificates add <app> <host> --chain FILE --key FILE
            """,
        discussion: """
            PEM: the chain with the host's certificate first, and its private key without a passphrase. It is checked before \
            it serves, takes the place of what the host had, and is not renewed by itself: bring a new one in time.
            """)

    private static let largest = 256 << 10

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "One of its hosts.")
    var host: String

    @Option(help: "The file with the chain, on the machine itself.")
    var chain: String?

    @Option(help: "The file with the private key, on the machine itself.")
    var key: String?

    func validate() throws {
        guard (chain == nil) == (key == nil) else { throw ValidationError("--chain and --key go together") }
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let host = try await context.host(host, of: app)
        let certificate = try await context.certificateServices.inspect(try await text(in: context), host)
        let keeper = try await context.keeper(ofCertificateFor: host, app)
        try await context.certificates.add(certificate, for: host, of: keeper, by: context.caller.name)
        try await context.record("certificates.add", "\(app.name) \(host)")
        for warning in certificate.warnings { try await context.say(" !     \(warning.escaped)") }
        try await context.print("'\(host)' is served with it, until \(certificate.notAfter.minute)")
    }

    private func text(in context: CommandContext) async throws -> String {
        guard let chain, let key else { return try await context.standardInput(limit: Self.largest) }
        guard context.caller.isLocal else {
            throw Refusal(
                "files cannot be read over ssh; pipe them in: cat chain.pem key.pem | ssh … certificates add",
                exitStatus: 2)
        }
        return try LocalFile.read(chain) + "\n" + LocalFile.read(key)
    }
}

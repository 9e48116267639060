import Foundation
import Glibc
import TestKit
import Testing
import Threads

/// A certificate authority of a suite's own: pebble, with a DNS that knows this machine under any name.
struct Authority: Sendable {
    @TaskLocal static var current: Authority?

    let directory: String
    /// The certificate of its own address.
    let rootsFile: String
    let dnsPort: Int
    /// Where TXT records are set.
    let managementPort: Int
    /// What it reads by plain HTTP, on any host.
    let web: Webroot

    fileprivate static func with(_ body: (Authority) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let web = try Webroot("\(scratch.path)/webroot")
        defer { web.stop() }
        let ports = try (0..<4).map { _ in try Scratch.freePort() }
        let authority = Authority(
            directory: "https://127.0.0.1:\(ports[0])/dir", rootsFile: "\(scratch.path)/tls.pem", dnsPort: ports[2],
            managementPort: ports[3], web: web)
        try await authority.configure(scratch, port: ports[0], managementPort: ports[1])
        let dns = try Command([
            "pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-http01", "", "-https01", "",
            "-tlsalpn01", "", "-dns01", "127.0.0.1:\(ports[2])", "-management", "127.0.0.1:\(ports[3])",
        ]).start()
        // What it found once it believes the next time.
        let settings = ["PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "100"]
        let pebble = try Command(
            ["pebble", "-config", "\(scratch.path)/pebble.json", "-dnsserver", "127.0.0.1:\(ports[2])"],
            environment: settings
        ).start()
        defer {
            pebble.signal(SIGKILL)
            dns.signal(SIGKILL)
        }
        try await dns.prints("Starting management server")
        try await pebble.prints("ACME directory available")
        try await body(authority)
    }

    private func configure(_ scratch: Scratch, port: Int, managementPort: Int) async throws {
        let made = try await Command([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=pebble", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(scratch.path)/tls.key",
            "-out", rootsFile,
        ]).run()
        try #require(made.status == 0, "\(made)")
        let settings = """
            {"pebble": {"listenAddress": "127.0.0.1:\(port)", "managementListenAddress": "127.0.0.1:\(managementPort)",
              "certificate": "\(rootsFile)", "privateKey": "\(scratch.path)/tls.key", "httpPort": \(web.port),
              "tlsPort": 1, "certificateValidityPeriod": 7776000}}
            """
        try Data(settings.utf8).write(to: URL(filePath: "\(scratch.path)/pebble.json"))
    }
}

/// Gives all tests of a suite one authority.
struct AuthorityTrait: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await Authority.with { authority in
            try await Authority.$current.withValue(authority) { try await function() }
        }
    }
}

extension Trait where Self == AuthorityTrait {
    static var authority: Self { Self() }
}

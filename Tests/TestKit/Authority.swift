import Foundation
import Glibc
import Synchronization

/// A certificate authority of a test's own: pebble, with a DNS that knows this machine under any name.
package final class Authority: Sendable {
    private let scratch: Scratch
    private let pebble = Mutex<RunningCommand?>(nil)
    private let port: Int
    private let rootsPort: Int
    package let dnsPort: Int
    /// Where TXT records are set.
    package let managementPort: Int

    /// Its ACME directory.
    package var directory: String { "https://127.0.0.1:\(port)/dir" }

    /// The certificate of its own address.
    package var rootsFile: String { "\(scratch.path)/tls.pem" }

    /// Runs `body` with an authority, and ends it afterwards.
    ///
    /// - Parameter httpPort: where it looks for tokens by plain HTTP, on any host.
    package static func with(httpPort: Int, _ body: (Authority) async throws -> Void) async throws {
        let authority = try Authority()
        defer { authority.scratch.remove() }
        try await authority.configure(httpPort: httpPort)
        let dns = try authority.startDNS()
        defer { dns.signal(SIGKILL) }
        let pebble = try authority.startPebble()
        authority.pebble.withLock { $0 = pebble }
        defer { authority.stop() }
        try await dns.prints("Starting management server")
        try await pebble.prints("ACME directory available")
        try await body(authority)
    }

    private init() throws {
        scratch = try Scratch()
        let ports = try (0..<4).map { _ in try Scratch.freePort() }
        (port, rootsPort, dnsPort, managementPort) = (ports[0], ports[1], ports[2], ports[3])
    }

    /// The file of the root that its certificates lead to, in PEM: another one each time that it is started.
    package func root() async throws -> String {
        let file = "\(scratch.path)/root.pem"
        let fetched = try await Command([
            "curl", "--silent", "--fail", "--cacert", rootsFile, "--output", file,
            "https://127.0.0.1:\(rootsPort)/roots/0",
        ]).run()
        guard fetched.status == 0 else { throw Unmet("pebble's root: \(fetched)") }
        return file
    }

    /// Answers nobody any more.
    package func stop() { pebble.withLock { $0?.signal(SIGKILL) } }

    private func startDNS() throws -> RunningCommand {
        try Command([
            "pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-http01", "", "-https01", "",
            "-tlsalpn01", "", "-dns01", "127.0.0.1:\(dnsPort)", "-management", "127.0.0.1:\(managementPort)",
        ]).start()
    }

    private func startPebble() throws -> RunningCommand {
        try Command(
            ["pebble", "-config", "\(scratch.path)/pebble.json", "-dnsserver", "127.0.0.1:\(dnsPort)"],
            // What it found once it believes the next time.
            environment: ["PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "100"]
        ).start()
    }

    private func configure(httpPort: Int) async throws {
        let made = try await Command([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=pebble", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(scratch.path)/tls.key",
            "-out", rootsFile,
        ]).run()
        guard made.status == 0 else { throw Unmet("openssl: \(made)") }
        let settings = """
            {"pebble": {"listenAddress": "127.0.0.1:\(port)", "managementListenAddress": "127.0.0.1:\(rootsPort)",
              "certificate": "\(rootsFile)", "privateKey": "\(scratch.path)/tls.key", "httpPort": \(httpPort),
              "tlsPort": 1, "certificateValidityPeriod": 7776000}}
            """
        try Data(settings.utf8).write(to: URL(filePath: "\(scratch.path)/pebble.json"))
    }
}

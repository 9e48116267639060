import Foundation
import Glibc
import Platform
import TestKit
import Testing

@testable import Routing

@Suite(.enabled(if: Requirement.certificateAuthority, "needs lego and pebble"), .authority, .timeLimit(.minutes(5)))
struct CertificateUpkeepTests {
    private let host = "www.shop.example"

    @Test func `a domain gets a certificate, which is renewed, and stays when it cannot be`() async throws {
        try await UpkeepFixture.with { fixture in
            try await fixture.addDomain(host)
            let upkeep = fixture.upkeep()
            try await fixture.settle(upkeep)
            let first = try #require(try await fixture.store.find(host))
            try #require(first.issued != nil, "\(first.error ?? "")")
            let files = try #require(fixture.folder.certificate(for: host))
            try await expectServed(files)
            #expect(try await !upkeep.obtainNext())
            let due = try #require(first.nextTryAt)
            #expect((55...61).contains(due.timeIntervalSinceNow / 86_400))

            #expect(try await !fixture.store.renew(host, unlessTriedWithin: 3600))
            #expect(try await fixture.store.renew(host, unlessTriedWithin: 0))
            try await fixture.settle(upkeep)
            let second = try #require(try await fixture.store.find(host))
            #expect(second.error == nil && second.issued?.version != first.issued?.version)
            let renewed = try #require(fixture.folder.certificate(for: host))
            try await expectServed(renewed)
            #expect(fixture.routes == [files.chain, renewed.chain])
            #expect(access(files.chain, F_OK) != 0)

            // An account that the authority does not know, and an address that does not have what it looks for.
            let stranger = fixture.upkeep(email: "b@shop.example", webroot: "\(fixture.scratch.path)/elsewhere")
            #expect(try await fixture.store.renew(host, unlessTriedWithin: 0))
            try await fixture.settle(stranger)
            let third = try #require(try await fixture.store.find(host))
            #expect(third.issued == second.issued && third.failures == 1)
            let port = fixture.web.port
            #expect(
                third.error
                    == "could not get a certificate for '\(host)': the CA got 404 from http://\(host):\(port)/.well-known/"
                    + "acme-challenge/…; point \(host)'s DNS at this machine and open port 80")
            #expect(fixture.folder.certificate(for: host) == renewed)
            try await expectServed(renewed)
            #expect(try await !stranger.obtainNext())
        }
    }

    @Test func `a wildcard for the base domain is proven by DNS, and serves every app`() async throws {
        try await UpkeepFixture.with { fixture in
            let authority = fixture.authority
            let hook = "\(fixture.scratch.path)/dns"
            try Data(Self.hook(authority.managementPort).utf8).write(to: URL(filePath: hook))
            chmod(hook, 0o755)
            let credentials = "\(fixture.scratch.path)/credentials"
            try Data("EXEC_PATH=\(hook)\nEXEC_POLLING_INTERVAL=1\n".utf8).write(to: URL(filePath: credentials))
            chmod(credentials, 0o600)
            let upkeep = fixture.upkeep(
                dns: ACMESettings.DNS(
                    provider: "exec", credentialsFile: credentials, resolvers: ["127.0.0.1:\(authority.dnsPort)"],
                    waitsForPropagation: false))
            try await fixture.settle(upkeep)
            let wildcard = try #require(try await fixture.store.find("*.apps.example"))
            try #require(wildcard.issued?.names == ["*.apps.example"], "\(wildcard.error ?? "")")
            let files = try #require(fixture.folder.certificate(for: "shop.apps.example"))
            #expect(fixture.folder.certificate(for: "blog.apps.example") == files)
            #expect(fixture.folder.certificate(for: "a.shop.apps.example") == nil)
            #expect(try await fixture.store.list().map(\.host) == ["*.apps.example"])
        }
    }

    @Test func `an authority that is not there costs no host its turn, and what was brought serves`() async throws {
        try await UpkeepFixture.with { fixture in
            try await fixture.addDomain("shop.example")
            try await fixture.addDomain(host)
            let text = try await SampleCertificates.all.text("leaf.pem", "middle.pem", "leaf.key")
            let own = try await CertificateInspector().inspect(text, for: "shop.example")
            try await fixture.store.add(own, for: "shop.example", of: fixture.shop, by: "alice")
            let upkeep = CertificateUpkeep(
                store: fixture.store, folder: fixture.folder,
                settings: ACMESettings(email: "a@shop.example", directory: "https://127.0.0.1:1/dir"),
                legoFolder: "\(fixture.scratch.path)/acme", webroot: "\(fixture.scratch.path)/webroot",
                baseDomain: "localhost", defaultHost: { "\($0).localhost" }, changed: {}, logger: fixture.logger)
            try await fixture.settle(upkeep)
            #expect(try await fixture.store.list().map(\.host) == ["shop.example", host])
            let failed = try #require(try await fixture.store.find(host))
            #expect(failed.error?.contains("the CA 'https://127.0.0.1:1/dir' cannot be reached") == true)
            let again = try #require(failed.nextTryAt).timeIntervalSinceNow
            #expect((200...330).contains(again))

            let files = try #require(fixture.folder.certificate(for: "shop.example"))
            #expect(try String(contentsOfFile: files.chain, encoding: .utf8) == own.chain)
            #expect(fixture.folder.certificate(for: host) == nil)
            // After a restart there is nothing but the database, if that has to be.
            try FileManager.default.removeItem(atPath: "\(fixture.scratch.path)/certificates")
            let restarted = CertificateFolder("\(fixture.scratch.path)/certificates")
            try await restarted.load(from: fixture.store)
            #expect(restarted.certificate(for: "shop.example") == files)
            try await expectServed(files, host: "shop.example")

            #expect(try await fixture.store.remove("shop.example", of: fixture.shop))
            try await upkeep.refresh()
            #expect(fixture.folder.certificate(for: "shop.example") == nil)
            #expect(try await fixture.store.find("shop.example")?.source == .acme)
        }
    }

    /// What nginx would read is whole, fits together, and is nobody else's.
    private func expectServed(_ files: RouteCertificate, host: String = "www.shop.example") async throws {
        for file in [files.chain, files.key] {
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
        let text = try [files.chain, files.key].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        _ = try await CertificateInspector().inspect(text, for: host)
    }

    private static func hook(_ port: Int) -> String {
        """
        #!/bin/sh
        case $1 in
        present) exec curl -sS -d "{\\"host\\":\\"$2\\",\\"value\\":\\"$3\\"}" http://127.0.0.1:\(port)/set-txt ;;
        cleanup) exec curl -sS -d "{\\"host\\":\\"$2\\"}" http://127.0.0.1:\(port)/clear-txt ;;
        esac
        """
    }
}

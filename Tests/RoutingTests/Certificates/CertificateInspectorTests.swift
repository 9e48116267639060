import Foundation
import Platform
import Testing

@testable import Routing

@Suite struct CertificateInspectorTests {
    private func inspect(
        _ names: [String], for host: String = "shop.example", inDays days: Double = 0
    ) async throws -> CheckedCertificate {
        let text = try await SampleCertificates.all.text(names)
        return try await CertificateInspector(now: Date() + days * 86_400).inspect(text, for: host)
    }

    @Test func `a chain with its key is taken in any order, without the root and what else stands there`() async throws
    {
        let samples = try await SampleCertificates.all
        let certificate = try await inspect(["leaf.parameters", "leaf.key", "leaf.pem", "middle.pem", "root.pem"])
        #expect(certificate.chain == (try samples.text("leaf.pem", "middle.pem")))
        #expect(certificate.key == (try samples.text("leaf.key")))
        #expect(certificate.names == ["shop.example", "*.wild.example"])
        #expect(certificate.issuer == "CN=Middle")
        #expect(certificate.notAfter > certificate.notBefore && certificate.warnings.isEmpty)
        #expect(try await inspect(["leaf.pem", "middle.pem", "leaf.key"]) == certificate)

        let windows = "Bag Attributes\r\n" + (try samples.text("leaf.pem", "middle.pem", "leaf.key"))
        let text = windows.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        #expect(try await CertificateInspector().inspect(text, for: "shop.example") == certificate)
        #expect(try await inspect(["rsa.pem", "middle.pem", "rsa.key"]).warnings.isEmpty)
    }

    @Test(arguments: ["a.wild.example", "*.wild.example"])
    func `a wildcard is for what stands in its place`(host: String) async throws {
        _ = try await inspect(["leaf.pem", "middle.pem", "leaf.key"], for: host)
    }

    @Test(arguments: ["wild.example", "a.b.wild.example", "shop.example.com", "*.shop.example"])
    func `a host that it is not for is refused`(host: String) async throws {
        await #expect(
            throws: Refusal(
                "the certificate cannot be used: it is not for '\(host)' but for shop.example, *.wild.example")
        ) { try await inspect(["leaf.pem", "middle.pem", "leaf.key"], for: host) }
    }

    @Test(arguments: [
        (["leaf.pem", "middle.pem"], "its private key is missing"),
        (["leaf.key"], "there is no certificate in it"),
        (["leaf.pem", "leaf.key", "middle.key"], "there are 2 private keys"),
        (["leaf.pem", "middle.pem", "rsa.key"], "the private key belongs to another one"),
        (
            ["middle.pem", "leaf.pem", "leaf.key"],
            "the chain is in the wrong order: 'CN=leaf', which the key belongs to"
        ),
        (
            ["leaf.pem", "root.pem", "middle.pem", "leaf.key"],
            "the chain is in the wrong order: 'CN=Middle' must follow what it signed, 'CN=leaf', and is number 3"
        ),
        (["leaf.pem", "root.pem", "leaf.key"], "a gap: after 'CN=leaf' that of 'CN=Middle' is missing"),
        (["leaf.pem", "impostor.pem", "leaf.key"], "the chain does not hold"),
        (["unnamed.pem", "middle.pem", "unnamed.key"], "it names no host (subjectAltName)"),
        (["weak.pem", "middle.pem", "weak.key"], "its RSA key has 1024 bits"),
        (["curve.pem", "middle.pem", "curve.key"], "its key is of a kind that browsers do not take"),
        (["client.pem", "middle.pem", "client.key"], "the chain does not hold"),
        (["old.pem", "middle.pem", "leaf.key"], "'CN=old' is signed with ecdsa-with-SHA1"),
        (["leaf.pem", "middle.pem", "locked.key"], "its private key needs a passphrase"),
        (["damaged.pem", "leaf.key"], "one of its parts is damaged"),
        (["leaf.pem", "damaged.key"], "its private key is damaged"),
        (["leaf.key", "cut.pem"], "the text ends within a block 'CERTIFICATE'"),
        (["leaf.pem", "leaf.key", "public.pem"], "a block 'PUBLIC KEY' is neither"),
        (["conf"], "its private key is missing"),
    ])
    func `what cannot serve is refused, and why`(names: [String], reason: String) async throws {
        let refusal = await #expect(throws: Refusal.self) { try await inspect(names) }
        #expect(refusal?.text.hasPrefix("the certificate cannot be used: ") == true)
        #expect(refusal?.text.contains(reason) == true, "\(refusal?.text ?? "")")
    }

    @Test(arguments: [(61.0, "expired on"), (-1, "is valid from")])
    func `a certificate serves within its time only`(days: Double, reason: String) async throws {
        let refusal = await #expect(throws: Refusal.self) {
            try await inspect(["leaf.pem", "middle.pem", "leaf.key"], inDays: days)
        }
        #expect(refusal?.text.contains(reason) == true)
    }

    @Test func `what works and yet is not right is warned of`() async throws {
        let soon = try await inspect(["leaf.pem", "middle.pem", "leaf.key"], inDays: 55)
        #expect(soon.warnings == ["it expires on \(soon.notAfter.day) already"])
        #expect(try await inspect(["self.pem", "self.key"]).warnings == ["it is self-signed: browsers warn of it"])
        #expect(
            try await inspect(["leaf.pem", "leaf.key"]).warnings
                == ["'CN=Middle', which signed it, is not in the chain: clients may not know it"])
        // There is nothing between it and the root, which clients have or do not have.
        #expect(try await inspect(["direct.pem", "root.pem", "direct.key"]).warnings.isEmpty)
        #expect(
            try await inspect(["edwards.pem", "middle.pem", "edwards.key"]).warnings
                == ["browsers refuse Ed25519 keys; use P-256"])
    }
}

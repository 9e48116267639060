import Foundation
import Glibc
import TestKit
import Testing

@testable import Routing

@Suite struct DNSCredentialsTests {
    @Test func `a file that only we may read is read`() throws {
        try withFile("# ours\n\nHETZNER_API_KEY=a=b c\nCF_API_EMAIL=\n", mode: 0o600) { file in
            let values = try DNSCredentials(file: file).values
            #expect(values == ["HETZNER_API_KEY": "a=b c", "CF_API_EMAIL": ""])
        }
    }

    @Test(arguments: [0o640, 0o604, 0o666] as [mode_t])
    func `a file that others may read is refused`(mode: mode_t) throws {
        try withFile("A=1\n", mode: mode) { file in
            let failure = #expect(throws: ACMEFailure.self) { try DNSCredentials(file: file) }
            #expect(failure?.reason.contains("'\(file)': others may read it") == true)
        }
    }

    @Test(arguments: [
        "PATH", "LD_PRELOAD", "LEGO_CA_CERTIFICATES", "GODEBUG", "SSL_CERT_FILE", "MARTLET_DATA", "lower", "1A", "A B",
    ])
    func `what could mean something to anything but a provider is refused, and no value is told`(name: String) throws {
        try withFile("GOOD=1\n\(name)=s3cret\n", mode: 0o600) { file in
            let failure = #expect(throws: ACMEFailure.self) { try DNSCredentials(file: file) }
            #expect(failure?.reason.contains("line 2") == true && failure?.reason.contains("s3cret") == false)
        }
        try withFile("s3cret\n", mode: 0o600) { file in
            let failure = #expect(throws: ACMEFailure.self) { try DNSCredentials(file: file) }
            #expect(failure?.reason.hasSuffix("line 1 is not NAME=VALUE") == true)
        }
    }

    @Test func `what is no file is refused`() {
        for path in ["/nowhere", "/dev/null", "/tmp"] {
            #expect(throws: ACMEFailure.self) { try DNSCredentials(file: path) }
        }
    }

    private func withFile(_ text: String, mode: mode_t, _ body: (String) throws -> Void) throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = "\(scratch.path)/credentials"
        try Data(text.utf8).write(to: URL(filePath: file))
        chmod(file, mode)
        try body(file)
    }
}

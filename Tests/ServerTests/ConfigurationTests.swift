import Foundation
import TestKit
import Testing

@testable import Server

@Suite struct ConfigurationTests {
    @Test func `without settings it has the documented defaults`() throws {
        let configuration = try Configuration(environment: ["MARTLET_CONFIG": "/dev/null", "MARTLET_DATA": "/x"])
        #expect(configuration.sshPort == 2222)
        #expect(configuration.httpPort == 8080)
        #expect(configuration.databaseURL == nil)
        #expect(configuration.address(of: "shop.localhost") == "http://shop.localhost:8080")
    }

    @Test func `the environment goes before the file`() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = "\(scratch.path)/martlet.conf"
        try "# ours\nMARTLET_SSH_PORT=22\n\nMARTLET_HTTP_PORT=80\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let configuration = try Configuration(environment: ["MARTLET_CONFIG": file, "MARTLET_SSH_PORT": "2200"])
        #expect(configuration.sshPort == 2200)
        #expect(configuration.address(of: "shop.example.com") == "http://shop.example.com")
    }

    @Test func `every problem is named at once`() {
        let problem = #expect(throws: Configuration.Problem.self) {
            try Configuration(environment: [
                "MARTLET_CONFIG": "/dev/null", "MARTLET_HTTP_PORT": "80a", "MARTLET_BASE_DOMAIN": "-x.com",
                "MARTLET_NETWORK_POOL": "10.0.0.0/30", "MARTLET_CREATE_ON_PUSH": "maybe", "MARTLET_HTTP_PROT": "1",
            ])
        }
        #expect(problem?.description.split(separator: "\n").count == 5)
        #expect(problem?.description.contains("MARTLET_HTTP_PORT: '80a' is not a port (1-65535)") == true)
        #expect(problem?.description.contains("MARTLET_HTTP_PROT: there is no such setting") == true)
    }

    @Test func `a file that is not there is only missed when it was named`() {
        #expect(throws: Configuration.Problem.self) { try Configuration(environment: ["MARTLET_CONFIG": "/nowhere"]) }
    }
}

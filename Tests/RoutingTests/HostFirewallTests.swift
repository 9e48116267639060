import Foundation
import Glibc
import Testing

@testable import Routing

/// A machine of its own in a network namespace, with a container on a bridge and another machine behind it.
@Suite(.enabled(if: getuid() == 0, "needs root")) struct HostFirewallTests {
    @Test func `containers do not reach the machine's services, but answers, DNS and other machines`() async throws {
        try await NamespaceFixture.with { fixture in
            let firewall = HostFirewall(interfaces: ["brtest"], isEnabled: true, prefix: fixture.onMachine)
            try await fixture.listen(on: 8000, in: fixture.machine)
            try await fixture.listen(on: 8000, in: fixture.other)
            try await fixture.listen(on: 8000, in: fixture.container)
            #expect(try await fixture.connects(from: fixture.container, to: "10.99.1.1", port: 8000))
            let before = try await fixture.rules()

            try await firewall.ensure()
            let during = try await fixture.rules()
            try await firewall.ensure()
            let again = try await fixture.rules()
            #expect(again == during)
            #expect(try await !fixture.connects(from: fixture.container, to: "10.99.1.1", port: 8000))
            // The machine's other address is its own as well.
            #expect(try await !fixture.connects(from: fixture.container, to: "10.99.2.1", port: 8000))
            #expect(try await fixture.connects(from: fixture.container, to: "10.99.2.2", port: 8000))
            #expect(try await fixture.connects(from: fixture.machine, to: "10.99.1.2", port: 8000))
            #expect(try await fixture.connects(from: fixture.other, to: "10.99.2.1", port: 8000))

            try await fixture.dropRules()
            try await firewall.ensure()
            #expect(try await fixture.rules() == during)
            try await HostFirewall(interfaces: ["brtest"], isEnabled: false, prefix: fixture.onMachine).ensure()
            #expect(try await fixture.rules() == before)
            #expect(try await fixture.connects(from: fixture.container, to: "10.99.1.1", port: 8000))
        }
    }
}

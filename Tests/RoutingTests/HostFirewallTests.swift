import Foundation
import Glibc
import Testing

@testable import Routing

/// A machine of its own in a network namespace, with a container on a bridge and another machine behind it.
@Suite(.enabled(if: getuid() == 0, "needs root")) struct HostFirewallTests {
    @Test func `containers do not reach the machine's services, but answers, DNS and other machines`() async throws {
        try await NamespaceFixture.with { fixture in
            let firewall = HostFirewall(interfaces: ["docker0", "mart+"], isEnabled: true, prefix: fixture.onMachine)
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
            let off = HostFirewall(interfaces: ["docker0", "mart+"], isEnabled: false, prefix: fixture.onMachine)
            try await off.ensure()
            #expect(try await fixture.rules() == before)
            #expect(try await fixture.connects(from: fixture.container, to: "10.99.1.1", port: 8000))
        }
    }

    @Test func `containers do not reach what a cloud offers to the machine, but its DNS`() async throws {
        try await NamespaceFixture.with { fixture in
            try await fixture.add(address: "169.254.169.254")
            for port in [53, 80] { try await fixture.listen(on: port, in: fixture.other) }
            let (container, address) = (fixture.container, "169.254.169.254")
            #expect(try await fixture.connects(from: container, to: address, port: 80))
            // The port is the proxy's, too.
            let firewall = HostFirewall(
                interfaces: ["mart+"], allowedPorts: [80], isEnabled: true, prefix: fixture.onMachine)
            try await firewall.ensure()
            #expect(try await !fixture.connects(from: container, to: address, port: 80))
            #expect(try await fixture.connects(from: container, to: address, port: 53))
            #expect(try await fixture.connects(from: fixture.machine, to: address, port: 80))
            try await firewall.remove()
            #expect(try await fixture.connects(from: container, to: address, port: 80))
        }
    }

    @Test func `of this machine, containers reach DNS and the ports of the proxy only`() async throws {
        try await NamespaceFixture.with { fixture in
            for port in [53, 80, 5432] { try await fixture.listen(on: port, in: fixture.machine) }
            for port in [53, 5353] { try await fixture.echo(on: port, in: fixture.machine) }
            let firewall = HostFirewall(
                interfaces: ["mart+"], allowedPorts: [80], isEnabled: true, prefix: fixture.onMachine)
            try await firewall.ensure()
            // By either of the machine's addresses.
            for address in ["10.99.1.1", "10.99.2.1"] {
                #expect(try await fixture.connects(from: fixture.container, to: address, port: 53))
                #expect(try await fixture.connects(from: fixture.container, to: address, port: 80))
                #expect(try await !fixture.connects(from: fixture.container, to: address, port: 5432))
                #expect(try await fixture.echoes(from: fixture.container, to: address, port: 53))
            }
            #expect(try await !fixture.echoes(from: fixture.container, to: "10.99.1.1", port: 5353))
            #expect(try await fixture.connects(from: fixture.other, to: "10.99.2.1", port: 5432))
        }
    }
}

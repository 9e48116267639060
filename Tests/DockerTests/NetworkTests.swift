import Docker
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"))
struct NetworkTests {
    @Test func `a network has the range it was given`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.network(subnet: "10.99.2.0/28")
            let network = try #require(try await fixture.docker.inspectNetwork(fixture.name))
            #expect(network.id == id)
            #expect(network.subnets == ["10.99.2.0/28"])
            #expect(try await fixture.docker.networks(labels: fixture.labels) == [network])
            #expect(try await fixture.docker.networks().contains { $0.name == "bridge" && !$0.subnets.isEmpty })
            try await fixture.docker.removeNetwork(id)
            #expect(try await fixture.docker.inspectNetwork(id) == nil)
        }
    }

    @Test func `a range that overlaps another one and a name that is taken are told apart`() async throws {
        try await DockerFixture.with { fixture in
            _ = try await fixture.network(subnet: "10.99.3.0/28")
            var spec = NetworkSpec(
                name: "\(fixture.name)-2", subnet: "10.99.3.8/29", bridgeName: "\(fixture.name)2",
                labels: fixture.labels)
            await #expect { try await fixture.docker.createNetwork(spec) } throws: {
                ($0 as? DockerError)?.isSubnetTaken == true
            }
            spec.name = fixture.name
            spec.subnet = "10.99.4.0/28"
            await #expect { try await fixture.docker.createNetwork(spec) } throws: {
                ($0 as? DockerError)?.isConflict == true && ($0 as? DockerError)?.isSubnetTaken == false
            }
        }
    }
}

import Docker
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"))
struct ImageTests {
    @Test func `an image tells what it runs`() async throws {
        try await DockerFixture.with { fixture in
            let image = try #require(try await fixture.docker.inspectImage(DockerFixture.image))
            #expect(image.id.hasPrefix("sha256:"))
            #expect(image.command == ["/bin/sh"])
            #expect(image.exposedPorts.isEmpty)
            #expect(image.size > 1_000_000)
            #expect(try await fixture.docker.inspectImage(image.id) == image)
            #expect(try await fixture.docker.inspectImage("martlet/none:latest") == nil)
        }
    }

    @Test func `the build cache is left alone while it is within its bounds`() async throws {
        try await DockerFixture.with { fixture in
            let freed = try await fixture.docker.pruneBuildCache(keeping: 1 << 50)
            #expect(freed == 0)
        }
    }

    @Test func `a further name is given and taken away`() async throws {
        try await DockerFixture.with { fixture in
            let image = try #require(try await fixture.docker.inspectImage(DockerFixture.image))
            let name = "martlet/\(fixture.name):v1"
            try await fixture.docker.tagImage(image.id, as: name)
            #expect(try await fixture.docker.inspectImage(name)?.id == image.id)
            let listed = try await fixture.docker.images(labels: image.labels)
            #expect(listed.contains { $0.names.contains(name) && $0.id == image.id })
            try await fixture.docker.removeImage(name)
            #expect(try await fixture.docker.inspectImage(name) == nil)
            #expect(try await fixture.docker.inspectImage(DockerFixture.image) != nil)
            await #expect { try await fixture.docker.removeImage(name) } throws: {
                ($0 as? DockerError)?.isNotFound == true
            }
        }
    }
}

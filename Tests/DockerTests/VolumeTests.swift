import Docker
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"), .timeLimit(.minutes(3)))
struct VolumeTests {
    @Test func `a volume keeps its files from one container to the next`() async throws {
        try await DockerFixture.with { fixture in
            try await fixture.docker.createVolume(fixture.name, labels: fixture.labels)
            try await fixture.docker.createVolume(fixture.name, labels: fixture.labels)
            let volumes = try await fixture.docker.volumes(labels: fixture.labels)
            #expect(volumes.map(\.name) == [fixture.name])
            for script in ["echo kept >/data/a", "grep kept /data/a"] {
                let id = try await fixture.container(script) { $0.mounts = [.volume(fixture.name, at: "/data")] }
                try await fixture.docker.start(id)
                #expect(try await fixture.docker.wait(id) == 0)
                await #expect {
                    try await fixture.docker.removeVolume(fixture.name)
                } throws: {
                    ($0 as? DockerError)?.isConflict == true
                }
                try await fixture.docker.removeContainer(id)
            }
            try await fixture.docker.removeVolume(fixture.name)
            #expect(try await fixture.docker.volumes(labels: fixture.labels).isEmpty)
        }
    }
}

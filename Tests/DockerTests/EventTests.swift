import Docker
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"), .timeLimit(.minutes(1)))
struct EventTests {
    @Test func `the life of a container is told, and nothing of others`() async throws {
        try await DockerFixture.with { fixture in
            let events = fixture.docker.events(labels: fixture.labels)
            let id = try await fixture.container("exit 3")
            try await fixture.docker.start(id)
            _ = try await fixture.docker.wait(id)
            try await fixture.docker.removeContainer(id, force: true)
            var actions: [String] = []
            for try await event in events {
                #expect(event.id == id)
                actions.append(event.action)
                if event.action == "die" { #expect(event.attributes["exitCode"] == "3") }
                if event.action == "destroy" { break }
            }
            #expect(
                actions.filter { ["create", "start", "die", "destroy"].contains($0) } == [
                    "create", "start", "die", "destroy",
                ])
        }
    }

    @Test func `following ends when its task is cancelled`() async throws {
        try await DockerFixture.with { fixture in
            let events = fixture.docker.events(labels: fixture.labels, actions: ["die"])
            let follower = Task {
                for try await _ in events {}
            }
            follower.cancel()
            try await follower.value
        }
    }
}

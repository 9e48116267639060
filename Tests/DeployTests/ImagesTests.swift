import Deploy
import Docker
import Foundation
import Platform
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker"), .timeLimit(.minutes(2)))
struct ImagesTests {
    @Test func `images are found by what builds note on them, and go unless containers use them`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let first = try await fixture.image(1)
            let second = try await fixture.image(2)
            let found = try await deployer.images().filter { $0.app == fixture.app.id }
            #expect(Set(found.map(\.id)) == [first, second])
            let used = try #require(found.first { $0.id == first })
            #expect(used.builds == [1])
            #expect(used.bytes > 0)
            let release = fixture.release(image: first)
            let process = try await fixture.start("exec sleep 60", "worker", of: release)
            #expect(try await !deployer.remove(used))
            #expect(try await fixture.docker.inspectImage(first) != nil)
            try await deployer.remove(process)
            #expect(try await deployer.remove(used))
            #expect(try await fixture.docker.inspectImage(first) == nil)
            // It is gone by now.
            #expect(try await deployer.remove(used))
            #expect(try await deployer.images().filter { $0.app == fixture.app.id }.map(\.id) == [second])
        }
    }

    @Test func `an image that somebody named is not taken for one without use`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let id = try await fixture.image(1)
            try await fixture.docker.tagImage(id, as: "mt-\(fixture.installation.text.prefix(8)):mine")
            let image = try #require(try await deployer.images().first { $0.id == id })
            #expect(try await deployer.remove(image))
            #expect(try await fixture.docker.inspectImage(id) != nil)
            #expect(try await !deployer.images().contains { $0.id == id })
        }
    }

    @Test func `the steps of images tell what they share`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let one = try await deployer.layers(of: fixture.image(1))
            let two = try await deployer.layers(of: fixture.image(2))
            #expect(!Set(one).isDisjoint(with: two))
            #expect(Set(one) != Set(two))
            #expect(try await deployer.layers(of: "sha256:\(String(repeating: "0", count: 64))").isEmpty)
        }
    }

    @Test func `a volume goes once no container has it`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let (kept, gone) = (fixture.volume("data", at: "/data"), fixture.volume("old", at: "/old"))
            let process = try await fixture.start("exec sleep 60", "worker", volumes: [kept, gone])
            #expect(try await Set(deployer.resources().volumes.map(\.name)) == [kept.engineName, gone.engineName])
            #expect(try await !deployer.removeVolume(gone.engineName))
            try await deployer.remove(process)
            #expect(try await deployer.removeVolume(gone.engineName))
            #expect(try await deployer.removeVolume(gone.engineName), "one that is gone is gone")
            #expect(try await deployer.resources().volumes.map(\.name) == [kept.engineName])
        }
    }
}

extension DeployFixture {
    /// An image as a build of that number leaves it; its ID.
    fileprivate func image(_ number: Int) async throws -> String {
        let name = "martlet/\(app.id.text):build-\(number)"
        let file = "FROM martlet/busybox:latest\nRUN echo \(installation.text) \(number) > /tmp/build\n"
        let result = try await Command(
            [
                "/usr/bin/docker", "build", "-q", "-t", name, "--label", "martlet.installation=\(installation.text)",
                "--label", "martlet.app=\(app.id.text)", "-",
            ], environment: ["DOCKER_BUILDKIT": "1"]
        ).run(input: file)
        try #require(result.status == 0, "\(result)")
        return try #require(try await docker.inspectImage(name)).id
    }
}

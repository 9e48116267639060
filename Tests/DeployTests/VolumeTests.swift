import Deploy
import Docker
import Foundation
import Platform
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker"), .timeLimit(.minutes(2)))
struct VolumeTests {
    @Test func `what is in a volume is there for the next process, and the image's user may write to it`() async throws
    {
        try await DeployFixture.with { fixture in
            // One that the image has not, one that it has carelessly, and one that it means to be another's.
            let image = try await fixture.imageOfUser(
                """
                USER root
                RUN mkdir -p /srv/careless /srv/theirs && echo seed >/srv/careless/seed && chown 7:8 /srv/theirs
                """)
            let release = fixture.release(image: image)
            let volumes = [
                fixture.volume("data", at: "/srv/deep/data"), fixture.volume("careless", at: "/srv/careless"),
                fixture.volume("theirs", at: "/srv/theirs"),
            ]
            let lines = try await run(
                """
                id -u; cd /srv; echo kept >deep/data/a
                cat careless/seed; touch careless/b && stat -c %u:%g deep/data theirs
                """, release, volumes, fixture)
            #expect(lines == ["1000", "seed", "1000:1000", "7:8"])
            var readOnly = volumes[0]
            readOnly = Volume(
                id: readOnly.id, appID: readOnly.appID, name: readOnly.name, path: "/mnt/x", isReadOnly: true)
            let again = try await run(
                "cat /mnt/x/a; touch /mnt/x/b 2>/dev/null || echo no", release, [readOnly], fixture)
            #expect(again == ["kept", "no"])
            let labels = ["martlet.app": fixture.app.id.text]
            #expect(try await fixture.docker.volumes(labels: labels).count == 3)
            let process = try await fixture.start(
                "cat /srv/deep/data/a; exec sleep 60", "worker", of: release, volumes: volumes)
            try await eventually(within: .seconds(60), "it sees the file") {
                try await fixture.deployer().lastLines(of: process, count: 5) == ["kept"]
            }
            try await fixture.deployer().removeApp(fixture.app.id)
            #expect(try await fixture.docker.volumes(labels: labels).isEmpty)
        }
    }

    private func run(
        _ script: String, _ release: Release, _ volumes: [Volume], _ fixture: DeployFixture
    ) async throws -> [String] {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        let job = OneOff(name: "run", command: ["sh", "-c", script], timeout: 30, volumes: volumes)
        let status = try await fixture.deployer().run(job, of: release, app: fixture.app) { continuation.yield($0) }
        continuation.finish()
        #expect(status == 0)
        return await lines.reduce(into: []) { $0.append($1) }
    }
}

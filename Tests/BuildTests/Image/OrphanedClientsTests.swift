import Docker
import Foundation
import Platform
import TestKit
import Testing

@testable import Build

@Suite(.enabled(if: Requirement.docker, "needs Docker")) struct OrphanedClientsTests {
    @Test func `a build whose server died is ended when that returns, and no other one`() async throws {
        let (installation, mark) = (UUID(), "orphan-\(UUID())")
        let dockerfile = "FROM martlet/busybox\nRUN trap '' TERM; echo started; while :; do sleep 1; : \(mark); done\n"
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            // The shell ends at once, so that the client is nobody's.
            let script = """
                DOCKER_BUILDKIT=1 DOCKER_HOST=unix://\(TestDocker.socket) setsid \(fixture.command.path) build \
                --label martlet.installation=\(installation.text) "$0" > "$0.log" 2>&1 < /dev/null &
                """
            _ = try Command(["/bin/sh", "-c", script, fixture.context]).start()
            try await eventually("the step runs") { Processes.run(mark) }
            #expect(OrphanedClients.end(installation: UUID()) == 0)
            #expect(Processes.run(mark))
            #expect(OrphanedClients.end(installation: installation) == 1)
            try await eventually(within: .seconds(5), "the step ends") { !Processes.run(mark) }
        }
    }

    @Test func `a build that goes on here is left alone`() async throws {
        let mark = "living-\(UUID())"
        try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\nRUN echo started; sleep 60; : \(mark)\n"]) {
            fixture in
            let installation = UUID()
            let build = Task { try await fixture.build(.plainDockerfile, installation: installation) }
            try await eventually("the step starts") { fixture.lines.all.contains("       started") }
            #expect(OrphanedClients.end(installation: installation) == 0)
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
        }
    }
}

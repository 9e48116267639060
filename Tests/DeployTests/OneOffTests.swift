import Deploy
import Docker
import Foundation
import Platform
import Synchronization
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker"), .timeLimit(.minutes(2)))
struct OneOffTests {
    @Test func `a command prints in order, and tells its status`() async throws {
        try await DeployFixture.with { fixture in
            let printed = Printed()
            let loop = "for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.05; done"
            let status = try await run("\(loop); echo $DYNO; printf end; exit 3", fixture, printed)
            #expect(status == 3)
            let lines = printed.lines
            #expect(lines.filter { $0.hasPrefix("out") } == ["out 1", "out 2", "out 3"])
            #expect(lines.filter { $0.hasPrefix("err") } == ["err 1", "err 2", "err 3"])
            #expect(lines.last == "end")
            #expect(lines.contains { $0.hasPrefix("release.") })
            #expect(try await run("true", fixture, printed) == 0)
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `a command that takes too long is ended`() async throws {
        try await DeployFixture.with { fixture in
            let error = await #expect(throws: DeployError.self) {
                _ = try await run("echo here; exec sleep 60", fixture, Printed(), timeout: 1.5)
            }
            #expect(error?.description == "release command did not end within 1.5 s and was stopped; give it more time")
            let left = try await fixture.containers()
            #expect(left.isEmpty)
        }
    }

    @Test func `lines come while a command runs, and it ends with whoever wants it`() async throws {
        try await DeployFixture.with { fixture in
            let (lines, continuation) = AsyncStream.makeStream(of: String.self)
            let deployer = try fixture.deployer()
            let release = fixture.release()
            let job = OneOff(name: "release command", command: ["sh", "-c", "echo here; exec sleep 60"], timeout: 60)
            let task = Task { [app = fixture.app] in
                try await deployer.run(job, of: release, app: app) { continuation.yield($0) }
            }
            var iterator = lines.makeAsyncIterator()
            #expect(await iterator.next() == "here")
            // It is its own daemon's, and in time.
            #expect(
                try await deployer.removeUnwanted {
                    []
                } apps: {
                    [fixture.app.id]
                } == 0)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `a command that runs out of memory, or cannot be started, says so`() async throws {
        try await DeployFixture.with { fixture in
            let printed = Printed()
            let status = try await run("sleep 0.5; exec tail /dev/zero", fixture, printed, memoryMiB: 16)
            #expect(status == 137)
            #expect(printed.lines.last?.contains("it may use 16 MiB") == true)
            let error = await #expect(throws: DeployError.self) {
                _ = try await run("true", fixture, printed, memoryMiB: 1)
            }
            #expect(error?.description.hasPrefix("release command cannot be started: ") == true)
            #expect(try await fixture.containers().isEmpty)
        }
    }

    private func run(
        _ script: String, _ fixture: DeployFixture, _ printed: Printed, timeout: Double = 30, memoryMiB: Int? = nil
    ) async throws -> Int {
        let job = OneOff(
            name: "release command", command: ["sh", "-c", script], timeout: timeout,
            memoryBytes: memoryMiB.map { $0 << 20 })
        return try await fixture.deployer().run(job, of: fixture.release(), app: fixture.app) { printed.add($0) }
    }

    private final class Printed: Sendable {
        private let all = Mutex<[String]>([])

        var lines: [String] { all.withLock { $0 } }

        func add(_ line: String) { all.withLock { $0.append(line) } }
    }
}

import Docker
import Synchronization
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"), .timeLimit(.minutes(3)))
struct FollowTests {
    @Test func `a log is followed to its very end, with long lines and lines that have none`() async throws {
        try await DockerFixture.with { fixture in
            let script = "echo out; echo err >&2; head -c 40000 /dev/zero | tr '\\0' x; echo; printf rest; exit 4"
            for _ in 1...3 {
                let id = try await fixture.container(script)
                try await fixture.docker.start(id)
                let lines = Lines()
                let code = try await fixture.docker.followLog(of: id) { lines.add($0) }
                #expect(code == 4)
                #expect(lines.texts(.output) == ["out", String(repeating: "x", count: 40000), "rest"])
                #expect(lines.texts(.error) == ["err"])
            }
        }
    }

    @Test func `what the taker throws ends it`() async throws {
        struct Enough: Error {}
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("echo one; exec sleep 60")
            try await fixture.docker.start(id)
            await #expect(throws: Enough.self) {
                _ = try await fixture.docker.followLog(of: id) { _ in throw Enough() }
            }
        }
    }

    private final class Lines: Sendable {
        private let all = Mutex<[ContainerLogLine]>([])

        func add(_ line: ContainerLogLine) { all.withLock { $0.append(line) } }

        func texts(_ stream: ContainerLogLine.Stream) -> [String] {
            all.withLock { $0.filter { $0.stream == stream }.map(\.text) }
        }
    }
}

import Docker
import Foundation
import Synchronization
import Testing

@Suite(.enabled(if: DockerFixture.isUsable, "needs Docker"), .timeLimit(.minutes(1)))
struct ExecTests {
    private final class Output: Sendable {
        private let bytes = Mutex<[ContainerLogLine.Stream: [UInt8]]>([:])

        func add(_ stream: ContainerLogLine.Stream, _ new: [UInt8]) {
            bytes.withLock { $0[stream, default: []] += new }
        }

        func text(_ stream: ContainerLogLine.Stream) -> String {
            bytes.withLock { String(decoding: $0[stream] ?? [], as: UTF8.self) }
        }
    }

    @Test func `a program runs beside the container's own, as another user, with variables of its own`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 60") { $0.environment = ["A": "1"] }
            try await fixture.docker.start(id)
            var spec = ExecSpec(["sh", "-c", "echo $A$B; id -u; pwd; echo err >&2; exit 9"])
            spec.environment = ["B": "2 3"]
            spec.user = "1001:1001"
            spec.directory = "/var"
            let output = Output()
            let code = try await fixture.docker.exec(in: id, spec) { output.add($0, $1) }
            #expect(code == 9)
            #expect(output.text(.output) == "12 3\n1001\n/var\n")
            #expect(output.text(.error) == "err\n")
        }
    }

    @Test func `much output comes whole, at the pace at which it is taken`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 60")
            try await fixture.docker.start(id)
            let taken = Mutex(0)
            let code = try await fixture.docker.exec(in: id, ExecSpec(["sh", "-c", "yes | head -c 20000000"])) {
                _, bytes in
                await Task.yield()
                taken.withLock { $0 += bytes.count }
            }
            #expect(code == 0)
            #expect(taken.withLock { $0 } == 20_000_000)
        }
    }

    @Test func `a program that cannot be started has an exit code, too`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 60")
            try await fixture.docker.start(id)
            let code = try await fixture.docker.exec(in: id, ExecSpec(["/none"])) { _, _ in }
            #expect([126, 127].contains(code))
            await #expect {
                _ = try await fixture.docker.exec(in: "martlet-none", ExecSpec(["true"])) { _, _ in }
            } throws: {
                ($0 as? DockerError)?.isNotFound == true
            }
        }
    }

    @Test func `cancelling ends the waiting at once`() async throws {
        try await DockerFixture.with { fixture in
            let id = try await fixture.container("sleep 60")
            try await fixture.docker.start(id)
            let output = Output()
            let task = Task { [docker = fixture.docker] in
                try await docker.exec(in: id, ExecSpec(["sh", "-c", "echo on; sleep 60"])) { output.add($0, $1) }
            }
            while output.text(.output) != "on\n" { try await Task.sleep(for: .milliseconds(10)) }
            let taken = await ContinuousClock().measure {
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            #expect(taken < .seconds(2))
        }
    }

    @Test func `a container sees folders of the host`() async throws {
        try await DockerFixture.with { fixture in
            let folder = "/tmp/martlet-\(fixture.name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try "seen".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
            let id = try await fixture.container("cat /in/file; echo; touch /in/x || echo kept; touch /out/y") {
                $0.mounts = [.init(folder, at: "/in", readOnly: true), .init(folder, at: "/out")]
            }
            try await fixture.docker.start(id)
            _ = try await fixture.docker.wait(id)
            let lines = try await fixture.docker.logs(id, tail: 10).filter { $0.stream == .output }.map(\.text)
            #expect(lines == ["seen", "kept"])
            #expect(FileManager.default.fileExists(atPath: "\(folder)/y"))
        }
    }

    @Test func `an image is saved and loaded again, and what is no archive is told`() async throws {
        try await DockerFixture.with { fixture in
            let folder = "/tmp/martlet-\(fixture.name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let image = try #require(try await fixture.docker.inspectImage(DockerFixture.image))
            #expect(image.layers.count == 1)
            #expect(image.architecture == "amd64" || image.architecture == "arm64")
            try await fixture.docker.saveImage(image.id, toFile: "\(folder)/image.tar")
            try await fixture.docker.loadImage(fromFile: "\(folder)/image.tar")
            #expect(try await fixture.docker.inspectImage(DockerFixture.image)?.id == image.id)
            try "no archive".write(toFile: "\(folder)/broken", atomically: true, encoding: .utf8)
            await #expect(throws: DockerError.self) {
                try await fixture.docker.loadImage(fromFile: "\(folder)/broken")
            }
            await #expect(throws: DockerError.self) { try await fixture.docker.loadImage(fromFile: "\(folder)/none") }
            await #expect(throws: DockerError.self) {
                try await fixture.docker.pullImage("127.0.0.1:1/none") { _ in }
            }
        }
    }
}

import GitWire
import Hooks
import TestKit
import Testing

@testable import Push

/// A disk that fills up at any point of a push: it is refused, nothing of it is visible, and the next one works.
@Suite(.enabled(if: Requirement.root, "mounts a small file system, which takes root")) struct FullDiskTests {
    /// A server's repository on a file system of its own with 1 MiB.
    private func with(_ body: (HookedPush) async throws -> Void) async throws {
        try await HookedPush.with { push in
            let path = push.fixture.repository
            try await run("mount -t tmpfs -o size=1m tmpfs \(path) && git init -q --bare \(path)")
            let result: Result<Void, any Error>
            do { result = .success(try await body(push)) } catch { result = .failure(error) }
            try await run("umount \(path)")
            try result.get()
        }
    }

    private func run(_ script: String) async throws {
        let result = try await Command(["bash", "-c", script]).run()
        guard result.status == 0 else { throw Unmet("\(script): \(result)") }
    }

    /// Takes what room there is; whoever runs into the end of it fails.
    private static func fill(_ path: String) -> String { "cat /dev/zero > \(path)/fill 2> /dev/null || true" }

    @Test func `full while the pack comes`() async throws {
        try await with { push in
            try await run(Self.fill(push.fixture.repository))
            let output = try await push.push([(.zero, push.fixture.commits[1], "refs/heads/main")]).output
            #expect(output.contains("no space left on device"), "\(output)")
            #expect(output.contains("ng refs/heads/main unpacker error"))
            try await expectNothing(push)
            try await expectNextToWork(push)
        }
    }

    @Test func `full when the reference is written`() async throws {
        try await with { push in
            try push.write(.preReceive, Self.fill("."))
            let output = try await push.push([(.zero, push.fixture.commits[1], "refs/heads/main")]).output
            #expect(output.contains("ng refs/heads/main failed to update ref"), "\(output)")
            #expect(try await push.fixture.references() == [])
            #expect(push.fixture.traces().allSatisfy { $0.hasPrefix("objects/pack/pack-") }, "\(push.fixture.traces())")
            try push.write(.preReceive, "exit 0")
            try await expectNextToWork(push)
        }
    }

    @Test func `objects that cannot be moved into the repository`() async throws {
        try await with { push in
            try push.write(.preReceive, "rmdir objects/pack && touch objects/pack")
            let output = try await push.push([(.zero, push.fixture.commits[1], "refs/heads/main")]).output
            #expect(output.contains("ng refs/heads/main unable to migrate objects to permanent storage"), "\(output)")
            try push.write(.preReceive, "exit 0")
            try await run("cd \(push.fixture.repository) && rm objects/pack && mkdir objects/pack")
            try await expectNothing(push)
            try await expectNextToWork(push)
        }
    }

    private func expectNothing(_ push: HookedPush) async throws {
        #expect(push.fixture.traces() == [])
        #expect(try await push.fixture.references() == [])
    }

    private func expectNextToWork(_ push: HookedPush) async throws {
        try await run("rm -f \(push.fixture.repository)/fill")
        let output = try await push.push([(.zero, push.fixture.commits[1], "refs/heads/main")]).output
        #expect(output.contains("ok refs/heads/main"), "\(output)")
        try await run("git -C \(push.fixture.repository) fsck --full --strict")
    }
}

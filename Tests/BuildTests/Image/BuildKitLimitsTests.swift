import Docker
import Foundation
import TestKit
import Testing

@testable import Build

@Suite(.serialized, .enabled(if: Requirement.docker && Requirement.root, "needs Docker and root"))
struct BuildKitLimitsTests {
    /// Builds a Dockerfile under limits that no other build on this machine is held to, and returns how it failed.
    private func failure(of dockerfile: String, _ change: (inout BuildLimits) -> Void) async throws -> (
        BuildError, Lines
    ) {
        let mark = "limit-\(UUID())"
        var limits = BuildLimits()
        change(&limits)
        let result = try await ImageFixture.result(dockerfile.replacingOccurrences(of: "MARK", with: ": \(mark)")) {
            fixture in
            let enforcer = BuildKitLimits(
                limits: limits, slots: 64, dockerRoot: try await fixture.docker.rootDirectory(), root: "/sys/fs/cgroup"
            ) { $0?.contains(mark) == true }
            let error = try await fixture.failure(.plainDockerfile, limits: limits, enforcer: enforcer)
            return (error, fixture.lines)
        }
        try await eventually(within: .seconds(5), "the step ends") { !Processes.run(mark) }
        return result
    }

    @Test func `a step that takes more memory than it may is killed, and the failure says so`() async throws {
        let dockerfile =
            "FROM martlet/busybox\nRUN MARK; head -c 300000000 /dev/zero | tail | wc -c; sleep 0.5; exit 9\n"
        let (error, _) = try await failure(of: dockerfile) { $0.memoryBytes = 128 << 20 }
        #expect("\(error)".hasSuffix("exited with 9: it used more memory than its 128 MiB"))
        #expect(error.hint?.contains("make -j1") == true)
    }

    @Test func `a step whose only program is killed says so too`() async throws {
        let dockerfile =
            "FROM martlet/busybox\nRUN MARK; x=$(head -c 300000000 /dev/zero | tr '\\0' y); echo $x | wc -c\n"
        let (error, _) = try await failure(of: dockerfile) { $0.memoryBytes = 64 << 20 }
        #expect("\(error)".hasSuffix("it used more memory than its 64 MiB"))
    }

    @Test func `a step cannot start more processes than it may, and the failure says so`() async throws {
        // More than its limit, but not more than the machine bears should the limit not hold. It lasts until they ended.
        let dockerfile = """
            FROM martlet/busybox
            RUN MARK; (i=0; while [ $i -lt 300 ]; do sleep 1 & i=$((i + 1)); done); \
                while kill -0 -1 2>/dev/null; do :; done; exit 4
            """
        let (error, _) = try await failure(of: dockerfile) { $0.processes = 100 }
        #expect("\(error)".hasSuffix("exited with 4: it wanted more processes than its 100"))
    }

    @Test func `a step gets the processor time that it may use, and no more`() async throws {
        // What the kernel holds the step to, as the step itself sees it.
        let dockerfile = """
            FROM martlet/busybox
            RUN MARK; sleep 0.2; cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max; exit 3
            """
        let (_, lines) = try await failure(of: dockerfile) { $0.cpus = 0.25 }
        #expect(lines.text.contains("25000"))
    }

    @Test func `limits of the machine's groups are undone when no build runs`() async throws {
        let groups = try #require(ControlGroups(root: "/sys/fs/cgroup"))
        let enforcer = BuildKitLimits(limits: BuildLimits(), slots: 32, dockerRoot: "/nowhere", root: groups.root) {
            _ in false
        }
        let lease = try #require(await enforcer.begin(log: Lines()))
        let group = "docker/buildkit"
        let set = groups.settings(BuildLimits(), times: 32)
        #expect(groups.areInForce(set, on: group))
        lease.end()
        try await eventually("the limits are gone") { !groups.areInForce(set, on: group) }
    }

    @Test func `lower limits that were left behind are not in the way of higher ones`() async throws {
        let groups = try #require(ControlGroups(root: "/sys/fs/cgroup"))
        var low = BuildLimits()
        low.memoryBytes = 256 << 20
        let group = "docker/buildkit"
        for setting in groups.settings(low, times: 8) { _ = groups.apply(setting, to: group) }
        let enforcer = BuildKitLimits(
            limits: BuildLimits(), slots: 16, dockerRoot: "/nowhere", root: groups.root
        ) { _ in false }
        let lease = try #require(await enforcer.begin(log: Lines()))
        #expect(groups.areInForce(groups.settings(BuildLimits(), times: 16), on: group))
        lease.end()
    }

    @Test func `a machine without control groups says so in one line`() async throws {
        let lines = Lines()
        let enforcer = BuildKitLimits(limits: BuildLimits(), slots: 1, dockerRoot: "/", root: "/nowhere") { _ in true }
        let lease = await enforcer.begin(log: lines)
        #expect(lease == nil)
        #expect(lines.all.count == 1)
        #expect(lines.text.contains("not enforced: no control groups in '/nowhere'"))
    }
}

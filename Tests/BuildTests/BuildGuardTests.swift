import Docker
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Build

@Suite struct BuildGuardTests {
    private static func limits(free: Int, most: Int) -> BuildLimits {
        var limits = BuildLimits()
        limits.freeDiskBytes = free
        limits.diskBytes = most
        return limits
    }

    @Test func `a build is refused while less is free than must be`() throws {
        let disk = DiskGuard(paths: ["/a", "/b"], limits: Self.limits(free: 1 << 30, most: 1)) {
            $0 == "/b" ? 429_496_730 : nil
        }
        #expect(
            throws: BuildError(
                "build refused: only 409 MiB free on the disk of '/b', at least 1.0 GiB must be",
                hint: "an admin can run 'gc' to remove what no release needs")
        ) { try disk.admit() }
        try DiskGuard(paths: ["/b"], limits: Self.limits(free: 5, most: 1)) { _ in 5 }.admit()
    }

    @Test func `a build is stopped once too little is left, or it took too much`() async {
        let left = DiskGuard(paths: ["/a"], limits: Self.limits(free: 100, most: 1 << 40)) { _ in 99 }
        await #expect(throws: BuildError.self) { try await left.watch() }
        let free = Mutex(1000)
        let taken = DiskGuard(paths: ["/a"], limits: Self.limits(free: 0, most: 10)) { _ in
            free.withLock { free in
                free -= 11
                return free
            }
        }
        await #expect(throws: BuildError.self) { try await taken.watch() }
    }

    @Test func `a build that takes too long is cancelled, and told so`() async {
        await #expect(throws: BuildError("the build took longer than 0 s and was stopped")) {
            try await BuildGuard(time: .milliseconds(10), disk: nil).run { try await Task.sleep(for: .seconds(60)) }
        }
    }

    @Test(arguments: [
        (0, "0 KiB"), (5, "1 KiB"), (12_345, "12 KiB"), (429_496_730, "409 MiB"), (1 << 30, "1.0 GiB"),
        (1_600_000_000, "1.4 GiB"),
    ])
    func `sizes are told in whole words`(bytes: Int, words: String) { #expect(Words.size(bytes) == words) }

    @Test(arguments: [(60, "60 s"), (90, "90 s"), (120, "2 minutes"), (150, "150 s"), (1800, "30 minutes")])
    func `times are told exactly`(seconds: Int, words: String) { #expect(Words.time(.seconds(seconds)) == words) }

    @Test(.enabled(if: Requirement.docker, "needs Docker"))
    func `a step that fills the disk is stopped`() async throws {
        let mark = "fill-\(UUID())"
        let dockerfile = "FROM martlet/busybox\nRUN dd if=/dev/zero of=/fill bs=1M count=400; sleep 60; : \(mark)\n"
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            let root = try await fixture.docker.rootDirectory()
            let disk = DiskGuard(paths: [root], limits: Self.limits(free: 0, most: 64 << 20))
            let error = try await fixture.failure(.plainDockerfile, disk: disk)
            #expect("\(error)".hasPrefix("the build was stopped: it took more than the"))
            try await eventually(within: .seconds(5), "the step ends") { !Processes.run(mark) }
        }
    }
}

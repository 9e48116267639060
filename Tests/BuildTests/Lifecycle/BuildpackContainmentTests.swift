import Docker
import Foundation
import Platform
import TestKit
import Testing

@testable import Build

/// What builds that mean harm, or never end, can do.
@Suite(.enabled(if: Requirement.docker, "needs Docker"), .serialized, .timeLimit(.minutes(3)))
struct BuildpackContainmentTests {
    @Test func `a cancelled build is gone within seconds, even when it ignores signals`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.buildpack("test/deaf", build: "trap '' TERM INT HUP; echo deaf; while :; do sleep 1; done")
            let build = Task { [fixture] in _ = try await fixture.build(["test/deaf"]) }
            try await eventually(within: .seconds(60), "it builds") {
                fixture.log.contains("deaf") && !fixture.log.contains("failed")
            }
            #expect(try await fixture.containers().count == 1)
            let taken = await ContinuousClock().measure {
                build.cancel()
                _ = await build.result
            }
            #expect(taken < .seconds(5))
            await #expect(throws: CancellationError.self) { try await build.value }
            #expect(try await fixture.containers().isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.settings.work).isEmpty)
        }
    }

    @Test func `a build that takes too long is stopped`() async throws {
        try await LifecycleFixture.with { fixture in
            fixture.settings.limits.time = .seconds(1)
            try fixture.buildpack("test/slow", build: "sleep 60")
            let error = await fixture.failure(["test/slow"]) as? BuildError
            #expect(error?.description == "the build took longer than 1 s and was stopped")
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `a build that leaves too little free on the disk is stopped`() async throws {
        try await LifecycleFixture.with { fixture in
            let log = fixture.log
            fixture.settings.disk = DiskGuard(paths: ["/"], limits: BuildLimits()) { _ in
                log.contains("running") ? 1 << 20 : 2 << 30
            }
            try fixture.buildpack("test/slow", build: "echo running; sleep 60")
            let error = await fixture.failure(["test/slow"]) as? BuildError
            #expect(error?.description == "the build was stopped: only 1 MiB were left free on the disk of '/'")
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `links that a build plants lead nowhere`() async throws {
        try await LifecycleFixture.with { fixture in
            try fixture.write("victim/file", "untouched")
            let victim = "\(fixture.scratch.path)/victim"
            try fixture.buildpack(
                "test/evil",
                build: """
                    cd $CNB_LAYERS_DIR
                    ln -s \(victim) cached; printf '[types]\\ncache = true\\n' > cached.toml
                    mkdir launch2 launch2/env; ln -s \(victim)/file launch2/env/STOLEN
                    ln -s \(victim) launch2/env.launch2; ln -s \(victim) launch2/bin
                    printf '[types]\\nlaunch = true\\n' > launch2.toml
                    ln -s \(victim) /workspace/out; ln -s / root; mkfifo pipe
                    ln -s \(victim)/file other.json
                    ! ln -s x /layers/test_other; ! touch /cnb/plans/x; ! touch /platform/x
                    """)
            let product = try await fixture.build(["test/evil"])
            #expect(try String(contentsOfFile: "\(victim)/file", encoding: .utf8) == "untouched")
            #expect(try FileManager.default.contentsOfDirectory(atPath: victim) == ["file"])
            let listing = try await fixture.output(
                product.image, entrypoint: ["sh", "-c", "ls -l /workspace /layers/test_evil; env"])
            #expect(listing.contains { $0.contains("out -> \(victim)") })
            #expect(!listing.contains { $0.contains("untouched") })
            // A file of its own that is a link is refused.
            try fixture.buildpack(
                "test/evil", build: "ln -s \(victim)/file $CNB_LAYERS_DIR/launch.toml")
            let error = await fixture.failure(["test/evil"], number: 2) as? BuildError
            #expect(
                error?.description
                    == "buildpack 'test/evil@1.0.0': cannot read 'test_evil/launch.toml': a link, or no folder, is in the way"
            )
            #expect(try String(contentsOfFile: "\(victim)/file", encoding: .utf8) == "untouched")
        }
    }

    @Test func `a build is limited, and has neither root's rights nor the app's secrets in its image`() async throws {
        try await LifecycleFixture.with { fixture in
            fixture.settings.limits.memoryBytes = 64 << 20
            try fixture.buildpack(
                "test/hungry",
                build: """
                    [ ! -f /workspace/hungry ] || tail /dev/zero
                    grep CapEff /proc/self/status; id -u; echo "secret ${TOKEN#s} $TOKEN"
                    ls -l $CNB_PLATFORM_DIR/env/TOKEN
                    """)
            let product = try await fixture.build(["test/hungry"], variables: ["TOKEN": "s3cr3t-token"])
            #expect(fixture.log.contains("CapEff:\t0000000000000000"))
            #expect(fixture.log.contains("secret 3cr3t-token ********"))
            #expect(fixture.log.contains("-r--------"))
            #expect(!product.image.labels.values.contains { $0.contains("s3cr3t") })
            #expect(!product.image.environment.values.contains { $0.contains("s3cr3t") })
            let error = await fixture.failure(["test/hungry"], number: 2, files: ["hungry": ""]) as? BuildError
            #expect(error?.hint?.hasSuffix("it used up the 64 MiB of memory that a build has") == true)
        }
    }
}

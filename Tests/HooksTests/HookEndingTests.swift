import Foundation
import Glibc
import TestKit
import Testing

@testable import Hooks

@Suite struct HookEndingTests {
    @Test func `at the time limit nothing of the hook's process group survives`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-slow", .preReceive,
                "#!/bin/sh\ntrap '' TERM\nsh -c 'echo $$ > child; exec sleep 1000' &\necho $$ > leader\nwait; sleep 1000\n"
            )
            let start = ContinuousClock.now
            let passed = try await fixture.run(.preReceive, timeLimit: .seconds(1))
            #expect(!passed)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(fixture.lines.all == [" !     hook '10-slow' was stopped: it takes longer than 1 s"])
            for file in ["leader", "child"] {
                let process = try await fixture.processID(in: file)
                try await eventually("\(file) is gone") { !HookFixture.isRunning(process) }
            }
        }
    }

    @Test func `a stopped hook may clean up first`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-tidy", .preReceive,
                "#!/bin/sh\ntrap 'echo tidied; exit 0' TERM\nsleep 1000 & wait\n")
            let passed = try await fixture.run(.preReceive, timeLimit: .seconds(1))
            #expect(!passed, "that it ends well after the limit does not count")
            #expect(fixture.lines.all.first == "tidied")
        }
    }

    @Test func `a hook that closes its output is still waited for`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-mute", .preReceive,
                "#!/bin/sh\nexec >&- 2>&-\nuntil [ -e go ]; do sleep 0.02; done\ntouch gone\nexit 5\n")
            async let passed = fixture.run(.preReceive)
            #expect(FileManager.default.createFile(atPath: "\(fixture.repository)/go", contents: nil))
            #expect(try await !passed)
            #expect(FileManager.default.fileExists(atPath: "\(fixture.repository)/gone"))
        }
    }

    @Test func `what a hook leaves behind with its output open holds nobody up`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-group", .preReceive,
                "#!/bin/sh\nsh -c 'echo $$ > left; exec sleep 1000' &\nuntil [ -s left ]; do :; done\n")
            try fixture.write(
                "20-session", .preReceive,
                "#!/bin/sh\nsetsid sh -c 'echo $$ > daemon; exec sleep 1000' &\nuntil [ -s daemon ]; do :; done\n")
            let start = ContinuousClock.now
            let passed = try await fixture.run(.preReceive)
            #expect(passed)
            #expect(ContinuousClock.now - start < .seconds(10))
            let left = try await fixture.processID(in: "left")
            try await eventually("the one in the group is gone") { !HookFixture.isRunning(left) }
            let daemon = try await fixture.processID(in: "daemon")
            #expect(HookFixture.isRunning(daemon), "a session of its own is the way to go on")
            kill(daemon, SIGKILL)
        }
    }

    @Test func `what a child of the hook prints last is not lost`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write("10-late", .preReceive, "#!/bin/sh\n(sleep 0.1; echo last) &\necho first\n")
            let passed = try await fixture.run(.preReceive)
            #expect(passed)
            #expect(fixture.lines.all == ["first", "last"])
        }
    }

    @Test func `a hook that a signal ends has failed`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write("10-crash", .preReceive, "#!/bin/sh\nkill -SEGV $$\n")
            let passed = try await fixture.run(.preReceive)
            #expect(!passed)
            #expect(fixture.lines.all == [" !     hook '10-crash' was ended by signal 11"])
        }
    }

    @Test func `a pusher who leaves ends a hook that may decline`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write("10-slow", .preReceive, "#!/bin/sh\necho $$ > leader\nexec sleep 1000\n")
            let run = Task { try await fixture.run(.preReceive) }
            let leader = try await fixture.processID(in: "leader")
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            #expect(!HookFixture.isRunning(leader))
        }
    }

    @Test func `a pusher who cannot be told any more ends a hook that may decline`() async throws {
        struct Gone: Error {}
        try await HookFixture.with { fixture in
            try fixture.write("10-slow", .preReceive, "#!/bin/sh\necho $$ > leader\necho hello\nexec sleep 1000\n")
            await #expect(throws: Gone.self) {
                try await fixture.runner().run(
                    .preReceive, repository: fixture.repository, environment: .init()
                ) { _ in throw Gone() }
            }
            let leader = try await fixture.processID(in: "leader")
            #expect(!HookFixture.isRunning(leader))
        }
    }

    @Test func `hooks after the fact run to their ends when nobody listens any more`() async throws {
        struct Gone: Error {}
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-on", .postDeploy,
                "#!/bin/sh\necho $$ > leader\necho hello\nuntil [ -e go ]; do sleep 0.02; done\necho more\ntouch done\n"
            )
            let run = Task {
                try await fixture.runner().run(
                    .postDeploy, repository: fixture.repository, environment: .init()
                ) { _ in throw Gone() }
            }
            _ = try await fixture.processID(in: "leader")
            run.cancel()
            #expect(FileManager.default.createFile(atPath: "\(fixture.repository)/go", contents: nil))
            #expect(try await run.value)
            #expect(FileManager.default.fileExists(atPath: "\(fixture.repository)/done"))
        }
    }
}

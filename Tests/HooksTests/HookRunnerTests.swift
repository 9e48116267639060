import Foundation
import Glibc
import TestKit
import Testing

@testable import Hooks

@Suite struct HookRunnerTests {
    @Test func `hooks run in the order of their names, and only executables that are meant`() async throws {
        try await HookFixture.with { fixture in
            for name in ["20-b", "10-a", "9-c", "B-d"] { try fixture.write(name, .preReceive, "#!/bin/sh\necho $0\n") }
            for name in [".hidden", "30-x~", "40-x.sample", "50-x.dpkg-old"] {
                try fixture.write(name, .preReceive, "#!/bin/sh\necho wrong\n")
            }
            try fixture.write("60-off", .preReceive, "#!/bin/sh\necho wrong\n", mode: 0o644)
            try FileManager.default.createDirectory(
                atPath: "\(fixture.hooks)/pre-receive.d/70-folder", withIntermediateDirectories: true)
            let passed = try await fixture.run(.preReceive)
            #expect(passed)
            #expect(
                fixture.lines.all == ["10-a", "20-b", "9-c", "B-d"].map { "\(fixture.hooks)/pre-receive.d/\($0)" })
            #expect(fixture.log.all.count == 1)
            #expect(fixture.log.all[0].contains("hook is not executable, hence skipped"))
            #expect(fixture.log.all[0].contains("60-off"))
        }
    }

    @Test func `without a folder there is nothing to run`() async throws {
        try await HookFixture.with { fixture in
            try FileManager.default.removeItem(atPath: fixture.hooks)
            let passed = try await fixture.run(.preReceive)
            #expect(passed)
            #expect(!fixture.runner().has(.update))
        }
    }

    @Test func `arguments, standard input, folder and environment are as git's, and nothing else leaks`()
        async throws
    {
        try await HookFixture.with { fixture in
            setenv("SECRET_OF_THE_DAEMON", "hunter2", 1)
            try fixture.write(
                "10-show", .update,
                "#!/bin/sh\npwd\nprintf '%s\\n' \"$@\"\ncat\n/usr/bin/env | sort\nls /proc/self/fd | tr '\\n' ' '\n")
            var environment = HookEnvironment()
            environment.app = "shop"
            environment.release = 7
            environment.message = "two\nlines"
            environment.pushOptions = ["detach"]
            environment.quarantine = "/q"
            let passed = try await fixture.run(
                .update, arguments: ["refs/heads/a b", "x"], input: "in\n", environment: environment)
            #expect(passed)
            let lines = fixture.lines.all
            #expect(Array(lines.prefix(4)) == [fixture.repository, "refs/heads/a b", "x", "in"])
            let variables = lines.dropFirst(4).filter { $0.contains("=") }.map { $0.prefix { $0 != "=" } }
            #expect(
                Set(variables) == [
                    "PATH", "LANG", "HOME", "PWD", "GIT_DIR", "GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY",
                    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PUSH_OPTION_COUNT", "GIT_PUSH_OPTION_0", "MARTLET_HOOK",
                    "MARTLET_HOOKS", "MARTLET_APP", "MARTLET_RELEASE", "MARTLET_MESSAGE",
                ])
            for line in [
                "GIT_DIR=.", "GIT_QUARANTINE_PATH=/q", "GIT_OBJECT_DIRECTORY=/q", "GIT_PUSH_OPTION_COUNT=1",
                "GIT_PUSH_OPTION_0=detach", "GIT_ALTERNATE_OBJECT_DIRECTORIES=\(fixture.repository)/objects",
                "MARTLET_HOOK=update", "MARTLET_RELEASE=v7", "MARTLET_APP=shop", "MARTLET_HOOKS=\(fixture.hooks)",
            ] { #expect(lines.contains(line), "\(line)") }
            // The last one is the folder that is listed.
            #expect(lines.last == "0 1 2 3 ")
        }
    }

    @Test func `both streams arrive in order, line by line, without control characters`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-talk", .preReceive,
                "#!/bin/sh\necho out; echo err >&2; printf 'bell\\a\\033[2J \\033[31mred\\n'; printf unfinished\n")
            let passed = try await fixture.run(.preReceive)
            #expect(passed)
            #expect(
                fixture.lines.all == ["out", "err", "bell^G^[[2J \u{1B}[31mred\u{1B}[0m", "unfinished"])
        }
    }

    @Test func `lines are said while the hook runs`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-ask", .preReceive, "#!/bin/sh\necho asking\nuntil [ -e answer ]; do sleep 0.02; done\n")
            let passed = try await fixture.runner().run(
                .preReceive, repository: fixture.repository, environment: .init()
            ) { [repository = fixture.repository] line in
                #expect(line == "asking")
                #expect(FileManager.default.createFile(atPath: "\(repository)/answer", contents: nil))
            }
            #expect(passed)
        }
    }

    @Test func `of hooks that may decline, the first failure is the last to run`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write("10-no", .preReceive, "#!/bin/sh\necho no\nexit 3\n")
            try fixture.write("20-never", .preReceive, "#!/bin/sh\necho never\n")
            let passed = try await fixture.run(.preReceive)
            #expect(!passed)
            #expect(fixture.lines.all == ["no"])
        }
    }

    @Test func `of hooks after the fact all run`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write("10-no", .postReceive, "#!/bin/sh\nexit 3\n")
            try fixture.write("20-yes", .postReceive, "#!/bin/sh\necho yes\n")
            let passed = try await fixture.run(.postReceive)
            #expect(!passed)
            #expect(fixture.lines.all == [" !     hook '10-no' failed with status 3 and no words", "yes"])
        }
    }

    @Test func `a hook that cannot be started declines and says why`() async throws {
        for (text, words) in [
            ("echo hello\n", "cannot run hook '10-x': it has no '#!' line"),
            ("#!/no/such/program\n", "the program in its '#!' line does not exist"),
        ] {
            try await HookFixture.with { fixture in
                try fixture.write("10-x", .preReceive, text)
                let passed = try await fixture.run(.preReceive)
                #expect(!passed)
                #expect(fixture.lines.all.count == 1)
                #expect(fixture.lines.all.first?.contains(words) == true, "\(fixture.lines.all)")
            }
        }
        try await HookFixture.with { fixture in
            try FileManager.default.createSymbolicLink(
                atPath: "\(fixture.hooks)/pre-receive.d/10-x", withDestinationPath: "/nowhere")
            let passed = try await fixture.run(.preReceive)
            #expect(!passed, "a check that is gone is not passed")
            #expect(fixture.lines.all.first?.contains("the file does not exist") == true)
        }
    }

    @Test func `a hook that reads nothing of a long input ends well, and one that reads all gets all`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write("10-deaf", .preReceive, "#!/bin/sh\nexit 0\n")
            try fixture.write("20-shut", .preReceive, "#!/bin/sh\nexec 0<&-\nexit 0\n")
            try fixture.write("30-count", .preReceive, "#!/bin/sh\nwc -c\n")
            try fixture.write("40-again", .preReceive, "#!/bin/sh\nread line\necho \"$line\"\ncat | wc -c\n")
            let passed = try await fixture.run(
                .preReceive, input: "first\n" + String(repeating: "x", count: 4 << 20))
            #expect(passed)
            #expect(fixture.lines.all == ["4194310", "first", "4194304"])
        }
    }

    @Test func `output beyond the bound is read and dropped`() async throws {
        try await HookFixture.with { fixture in
            try fixture.write(
                "10-flood", .preReceive, "#!/bin/sh\nhead -c 20000000 /dev/zero | tr '\\0' x | fold -w 999\n")
            let passed = try await fixture.run(.preReceive)
            #expect(passed)
            let size = fixture.lines.all.reduce(0) { $0 + $1.utf8.count }
            #expect((1_000_000...1_100_000).contains(size), "\(size)")
            #expect(fixture.lines.all.last == " !     the rest of the hook's output is dropped")
        }
    }
}

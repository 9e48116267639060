import Foundation
import Git
import GitWire
import Hooks
import Platform
import Synchronization
import TestKit
import Testing

@testable import Push

@Suite struct HookTests {
    @Test func `pre-receive sees all that may still go on, and the objects in quarantine`() async throws {
        try await HookedPush.with { push in
            let new = push.fixture.commits[1]
            try push.write(
                .preReceive,
                """
                cat > told; git log --format=%s \(new) > log; env | grep -E '^(GIT|MARTLET)_' | sort > env
                git update-ref refs/heads/smuggled \(new) || echo kept out
                test -e "$GIT_QUARANTINE_PATH/pack" && test "$GIT_DIR" = . && echo seen
                """)
            let output = try await push.push([
                (.zero, new, "refs/heads/main"), (.zero, new, "refs/martlet/x"), (.zero, new, "refs/heads/a..b"),
                (.zero, new, "refs/heads/other"),
            ]).output
            #expect(push.lines(of: "told") == ["main", "other"].map { "\(ObjectID.zero) \(new) refs/heads/\($0)" })
            #expect(push.lines(of: "log") == ["two", "one"])
            #expect(push.lines(of: "env").contains("MARTLET_APP=shop"))
            #expect(
                push.lines(of: "env").contains("GIT_ALTERNATE_OBJECT_DIRECTORIES=\(push.fixture.repository)/objects"))
            #expect(!push.lines(of: "env").contains { $0.hasPrefix("GIT_PUSH_OPTION") })
            #expect(output.contains("\u{2}kept out\n"), "\(output)")
            #expect(output.contains("\u{2}seen\n"))
            #expect(try await push.fixture.references() == ["main", "other"].map { "\(new) refs/heads/\($0)" })
        }
    }

    @Test func `a pre-receive that fails declines every reference, and nothing stays`() async throws {
        try await HookedPush.with { push in
            try push.write(.preReceive, "echo not today >&2; exit 1")
            try push.write(.update, "touch updated")
            try push.write(.postReceive, "touch received")
            let new = push.fixture.commits[1]
            let output = try await push.push([(.zero, new, "refs/heads/a"), (.zero, new, "refs/heads/b")]).output
            #expect(output.contains("\u{2}not today\n"))
            for name in ["a", "b"] { #expect(output.contains("ng refs/heads/\(name) pre-receive hook declined")) }
            #expect(push.fixture.traces() == [])
            #expect(try await push.fixture.references() == [])
            #expect(!FileManager.default.fileExists(atPath: "\(push.fixture.repository)/updated"))
            #expect(!FileManager.default.fileExists(atPath: "\(push.fixture.repository)/received"))
        }
    }

    @Test func `update is asked about each reference, and declines it alone`() async throws {
        try await HookedPush.with { push in
            try push.write(.update, "echo $1 $2 $3 >> asked; git cat-file -e $3 || exit 9; test $1 != refs/heads/b")
            try push.write(.postReceive, "cat > received; echo thanks; exit 7")
            let new = push.fixture.commits[1]
            let output = try await push.push(["a", "b", "c"].map { (.zero, new, "refs/heads/\($0)") }).output
            #expect(push.lines(of: "asked") == ["a", "b", "c"].map { "refs/heads/\($0) \(ObjectID.zero) \(new)" })
            #expect(output.contains("ok refs/heads/a"))
            #expect(output.contains("ng refs/heads/b hook declined"))
            #expect(output.contains("ok refs/heads/c"))
            #expect(push.lines(of: "received") == ["a", "c"].map { "\(ObjectID.zero) \(new) refs/heads/\($0)" })
            let report = try #require(output.range(of: "unpack ok"))
            let thanks = try #require(output.range(of: "\u{2}thanks\n"))
            #expect(report.lowerBound < thanks.lowerBound, "as git does, the report goes first")
            #expect(output.hasSuffix("0000"))
        }
    }

    @Test func `in an atomic push one declined update declines all, and the rest is not asked`() async throws {
        try await HookedPush.with { push in
            try push.write(.update, "echo $1 >> asked; test $1 != refs/heads/b")
            let new = push.fixture.commits[1]
            let output = try await push.push(
                ["a", "b", "c"].map { (.zero, new, "refs/heads/\($0)") },
                capabilities: "report-status side-band-64k atomic"
            ).output
            #expect(push.lines(of: "asked") == ["refs/heads/a", "refs/heads/b"])
            #expect(output.contains("ng refs/heads/a atomic push failure"))
            #expect(output.contains("ng refs/heads/b hook declined"))
            #expect(push.fixture.traces() == [])
        }
    }

    @Test func `post-receive runs when the references have moved, outside of quarantine`() async throws {
        try await HookedPush.with { push in
            try push.write(
                .postReceive, "git rev-parse main > main; echo \"${GIT_QUARANTINE_PATH-none}\" >> main; cat >> main")
            let (old, new) = (push.fixture.commits[0], push.fixture.commits[1])
            _ = try await push.push([(.zero, new, "refs/heads/main"), (old, .zero, "refs/heads/never-there")])
            #expect(push.lines(of: "main").first == "\(new)")
            #expect(push.lines(of: "main").dropFirst().first == "none")
            #expect(!push.lines(of: "main").contains { $0.contains("other") })
        }
    }

    @Test func `push options are told in git's variables`() async throws {
        try await HookedPush.with { push in
            try push.write(.preReceive, "echo $GIT_PUSH_OPTION_COUNT,$GIT_PUSH_OPTION_0,$GIT_PUSH_OPTION_1")
            let new = push.fixture.commits[1]
            let commands = push.fixture.request(
                [(.zero, new, "refs/heads/main")], capabilities: "report-status side-band-64k push-options")
            var options = PacketWriter()
            for option in ["no-cache", "message=two words"] { options.data(Array(option.utf8)) }
            options.flush()
            let conversation = MemoryConversation([commands + options.bytes + push.fixture.pack])
            try await push.push(conversation)
            #expect(conversation.output.contains("\u{2}2,no-cache,message=two words\n"), "\(conversation.output)")
        }
    }

    @Test func `a client without side-band gets what hooks say as diagnostics`() async throws {
        try await HookedPush.with { push in
            try push.write(.preReceive, "echo hello")
            try push.write(.postReceive, "echo goodbye")
            let conversation = try await push.push(
                [(.zero, push.fixture.commits[1], "refs/heads/main")], capabilities: "report-status")
            #expect(conversation.diagnostics == "hello\ngoodbye\n")
            #expect(conversation.output.hasSuffix("000eunpack ok\n0017ok refs/heads/main\n0000"))
        }
    }

    /// A client that is gone once it has been sent a certain text.
    private final class LeavingConversation: Conversation {
        private let inner: MemoryConversation
        private let word: String
        init(_ input: [[UInt8]], after word: String) {
            inner = MemoryConversation(input)
            self.word = word
        }
        func read() async throws -> [UInt8] { try await inner.read() }
        func write(_ bytes: [UInt8]) async throws {
            guard !inner.output.contains(word) else { throw Unmet("the client is there") }
            try await inner.write(bytes)
            if inner.output.contains(word) { throw Unmet("the client is there") }
        }
        func writeError(_ bytes: [UInt8]) async throws { try await inner.writeError(bytes) }
    }

    @Test func `a client that leaves while pre-receive runs ends it, and nothing stays`() async throws {
        try await HookedPush.with { push in
            try push.write(.preReceive, "echo $$ > leader; echo working; exec sleep 1000")
            let request = push.fixture.request(
                [(.zero, push.fixture.commits[1], "refs/heads/main")], capabilities: "report-status side-band-64k")
            let conversation = LeavingConversation([request + push.fixture.pack], after: "working")
            await #expect(throws: Unmet.self) { try await push.push(conversation) }
            let leader = try #require(push.lines(of: "leader").first)
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(leader)"))
            #expect(push.fixture.traces() == [])
            #expect(try await push.fixture.references() == [])
        }
    }

    @Test func `post-receive runs although the client does not wait for the report`() async throws {
        try await HookedPush.with { push in
            try push.write(.postReceive, "echo hello; echo more; cat > received")
            let request = push.fixture.request(
                [(.zero, push.fixture.commits[1], "refs/heads/main")], capabilities: "report-status side-band-64k")
            let conversation = LeavingConversation([request + push.fixture.pack], after: "unpack ok")
            await #expect(throws: Unmet.self) { try await push.push(conversation) }
            #expect(push.lines(of: "received").count == 1)
            #expect(try await push.fixture.references().count == 1)
        }
    }
}

import Git
import GitWire
import TestKit
import Testing

@testable import Push

@Suite struct ReceivePackTests {
    private static let usual = "report-status side-band-64k agent=test"

    @Test func `a push is stored and reported in band 1`() async throws {
        try await PushFixture.with { fixture in
            let request = fixture.request([(.zero, fixture.commits[1], "refs/heads/main")], capabilities: Self.usual)
            let (conversation, status) = try await fixture.push([request + fixture.pack])
            #expect(status == 0)
            #expect(conversation.output.hasSuffix("002e\u{1}000eunpack ok\n0017ok refs/heads/main\n00000000"))
            #expect(try await fixture.references() == ["\(fixture.commits[1]) refs/heads/main"])
        }
    }

    @Test func `a client gets as much of a report as it asked for`() async throws {
        try await PushFixture.with { fixture in
            let bare = fixture.request([(.zero, fixture.commits[0], "refs/heads/a")], capabilities: "report-status")
            #expect(
                try await fixture.push([bare, fixture.pack]).0.output.hasSuffix(
                    "0000000eunpack ok\n0014ok refs/heads/a\n0000"))
            let silent = fixture.request([(.zero, fixture.commits[0], "refs/heads/b")], capabilities: "")
            let (conversation, _) = try await fixture.push([silent, fixture.pack])
            #expect(!conversation.output.contains("unpack"))
            #expect(try await fixture.references().count == 2)
        }
    }

    @Test func `cut off at any byte, a push leaves no trace`() async throws {
        try await PushFixture.with { fixture in
            let bytes =
                fixture.request([(.zero, fixture.commits[1], "refs/heads/main")], capabilities: Self.usual)
                + fixture.pack
            for end in stride(from: 0, to: bytes.count, by: 7) {
                _ = try await fixture.push([Array(bytes.prefix(end))])
                #expect(fixture.traces() == [], "cut after \(end) of \(bytes.count) bytes")
            }
            #expect(try await fixture.references() == [])
        }
    }

    @Test func `a pack that is damaged is refused for every reference`() async throws {
        try await PushFixture.with { fixture in
            var pack = fixture.pack
            pack[pack.count - 1] ^= 1
            let request = fixture.request(
                [(.zero, fixture.commits[1], "refs/heads/main")], capabilities: "report-status")
            let (conversation, status) = try await fixture.push([request, pack])
            #expect(status == 0)
            #expect(conversation.output.contains("ng refs/heads/main unpacker error"))
            #expect(fixture.traces() == [])
        }
    }

    @Test func `each command is judged by git's rules`() async throws {
        try await PushFixture.with { fixture in
            let (old, new) = (fixture.commits[0], fixture.commits[1])
            let first = fixture.request([(.zero, old, "refs/heads/main")], capabilities: "report-status")
            _ = try await fixture.push([first, fixture.pack])
            let request = fixture.request(
                [
                    (new, old, "refs/heads/main"), (.zero, new, "refs/heads/a..b"), (.zero, new, "refs/martlet/x"),
                    (.zero, new, "refs/top"), (.zero, new, "refs/heads/main/sub"), (.zero, new, "refs/heads/good"),
                    (.zero, new, "refs/heads/twice"), (.zero, old, "refs/heads/twice"),
                ], capabilities: "report-status")
            let report = try await fixture.push([request, fixture.pack]).0.output
            #expect(report.contains("ng refs/heads/main incorrect old value provided"))
            #expect(report.contains("ng refs/heads/a..b funny refname"))
            #expect(report.contains("ng refs/martlet/x deny updating a hidden ref"))
            #expect(report.contains("ng refs/top funny refname"))
            #expect(report.contains("ng refs/heads/main/sub refname conflict"))
            #expect(report.contains("ok refs/heads/good"))
            #expect(report.contains("ng refs/heads/twice multiple updates for ref not allowed"))
            #expect(try await fixture.references() == ["\(new) refs/heads/good", "\(old) refs/heads/main"])
        }
    }

    @Test func `an atomic push with one stale command changes nothing`() async throws {
        try await PushFixture.with { fixture in
            let request = fixture.request(
                [
                    (.zero, fixture.commits[1], "refs/heads/a"),
                    (fixture.commits[0], fixture.commits[1], "refs/heads/b"),
                ],
                capabilities: "report-status atomic")
            let report = try await fixture.push([request, fixture.pack]).0.output
            #expect(report.contains("ng refs/heads/a atomic"))
            #expect(report.contains("ng refs/heads/b"))
            #expect(try await fixture.references() == [])
        }
    }

    @Test func `objects that are missing are found, and named to the pusher`() async throws {
        try await PushFixture.with { fixture in
            let missing = try #require(ObjectID(String(repeating: "12", count: 20)))
            let request = fixture.request([(.zero, missing, "refs/heads/main")], capabilities: "report-status")
            let report = try await fixture.push([request, fixture.pack]).0.output
            #expect(report.contains("ng refs/heads/main missing necessary objects"))
            #expect(fixture.traces() == [])
        }
    }

    @Test func `a client that does not speak the protocol is told so`() async throws {
        try await PushFixture.with { fixture in
            let (conversation, status) = try await fixture.push([Array("GET / HTTP/1.1\r\n\r\n".utf8)])
            #expect(status == 128)
            #expect(conversation.diagnostics.hasPrefix("fatal: "))
            let (_, nothing) = try await fixture.push([Array("0000".utf8)])
            #expect(nothing == 0)
        }
    }

    @Test func `a deployment that fails rejects its reference alone`() async throws {
        struct Failing: PushPolicy {
            func deploying(_ updates: [ReferenceUpdate]) -> ReferenceUpdate? {
                updates.first { $0.name.branchName == "main" }
            }
            func protectsFromDeletion(_ name: ReferenceName) -> Bool { true }
            func remark(onStored names: [ReferenceName]) -> String? { "stored \(names.count)" }
            func deploy(
                _ update: ReferenceUpdate, updates: [ReferenceUpdate], options: PushOptions,
                say: @escaping @Sendable (String) async throws -> Void
            ) async throws {
                try await say("-----> Building")
                throw PushRejection("build failed")
            }
        }
        try await PushFixture.with { fixture in
            let request = fixture.request(
                [(.zero, fixture.commits[1], "refs/heads/main"), (.zero, fixture.commits[1], "refs/heads/other")],
                capabilities: Self.usual)
            let output = try await fixture.push([request, fixture.pack], policy: Failing()).0.output
            #expect(output.contains("\u{2}-----> Building\n"))
            #expect(!output.contains("stored 1"), "what is stored beside a deployment needs no remark")
            #expect(output.contains("ng refs/heads/main build failed"))
            #expect(output.contains("ok refs/heads/other"))
            #expect(try await fixture.references() == ["\(fixture.commits[1]) refs/heads/other"])
        }
    }

    @Test func `a deployment that says nothing for long is kept alive on the wire`() async throws {
        /// Deploys for as long as the client has not been sent a keepalive.
        struct Silent: PushPolicy {
            let conversation: MemoryConversation
            func deploying(_ updates: [ReferenceUpdate]) -> ReferenceUpdate? { updates.first }
            func protectsFromDeletion(_ name: ReferenceName) -> Bool { false }
            func remark(onStored names: [ReferenceName]) -> String? { nil }
            func deploy(
                _ update: ReferenceUpdate, updates: [ReferenceUpdate], options: PushOptions,
                say: @escaping @Sendable (String) async throws -> Void
            ) async throws {
                try await eventually("a keepalive is sent") { conversation.output.hasSuffix("0005\u{1}") }
            }
        }
        try await PushFixture.with { fixture in
            let request = fixture.request([(.zero, fixture.commits[1], "refs/heads/main")], capabilities: Self.usual)
            let conversation = MemoryConversation([request + fixture.pack])
            let receivePack = ReceivePack(
                repository: fixture.repository, conversation: conversation, policy: Silent(conversation: conversation),
                protocolVersion: .v0, agent: "martlet/test")
            let status = try await receivePack.run()
            #expect(status == 0)
            #expect(conversation.output.contains("ok refs/heads/main"))
        }
    }
}

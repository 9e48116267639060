import Foundation
import Git
import GitWire
import Platform
import TestKit
import Testing

@testable import Push

/// A client whose bytes end anywhere, or come in pieces of any size.
@Suite struct CutOffTests {
    private static let usual = "report-status side-band-64k push-options agent=test"

    /// A push of two branches with push options and a pack, byte for byte.
    private func push(_ fixture: PushFixture, atomic: Bool = false) -> [UInt8] {
        var options = PacketWriter()
        options.data(Array("message=hello".utf8))
        options.flush()
        let commands: [(ObjectID, ObjectID, String)] = [
            (.zero, fixture.commits[1], "refs/heads/main"), (.zero, fixture.commits[0], "refs/tags/one"),
        ]
        let request = fixture.request(commands, capabilities: Self.usual + (atomic ? " atomic" : ""))
        return request + options.bytes + fixture.pack
    }

    @Test(arguments: [false, true])
    func `cut off after any byte, a push moves nothing and leaves nothing`(atomic: Bool) async throws {
        try await PushFixture.with { fixture in
            let bytes = push(fixture, atomic: atomic)
            for end in bytes.indices {
                let (conversation, status) = try await fixture.push([Array(bytes[..<end])])
                #expect(fixture.traces() == [], "cut after \(end) of \(bytes.count) bytes")
                #expect(!conversation.output.contains("ok refs/"), "cut after \(end) of \(bytes.count) bytes")
                #expect(end == 0 ? status == 0 : status == 0 || status == 128)
            }
            #expect(try await fixture.references() == [])
        }
    }

    @Test func `cut off after any byte, a deletion deletes nothing`() async throws {
        try await PushFixture.with { fixture in
            _ = try await fixture.push([push(fixture)])
            let before = try await fixture.references()
            #expect(before.count == 2)
            let bytes = fixture.request(
                [(fixture.commits[1], .zero, "refs/heads/main")], capabilities: "report-status side-band-64k")
            for end in bytes.indices { _ = try await fixture.push([Array(bytes[..<end])]) }
            #expect(try await fixture.references() == before)
            _ = try await fixture.push([bytes])
            #expect(try await fixture.references() == Array(before.dropFirst()))
        }
    }

    @Test func `a push byte by byte is a push all at once`() async throws {
        var outputs: [String] = []
        for pieces in [{ (bytes: [UInt8]) in [bytes] }, { bytes in bytes.map { [$0] } }] {
            try await PushFixture.with { fixture in
                let (conversation, status) = try await fixture.push(pieces(push(fixture)))
                #expect(status == 0)
                #expect(try await fixture.references().count == 2)
                outputs.append(conversation.output)
            }
        }
        #expect(outputs[0] == outputs[1])
    }

    @Test func `a client that is gone while it is answered leaves nothing half done`() async throws {
        try await PushFixture.with { fixture in
            let conversation = DeafConversation([push(fixture)])
            let receivePack = ReceivePack(
                repository: fixture.repository, conversation: conversation, policy: StorePolicy(),
                protocolVersion: .v0, agent: "martlet/test")
            await #expect(throws: DeafConversation.Gone.self) { try await receivePack.run() }
            let check = try await Command(["git", "-C", fixture.repository, "fsck", "--full", "--strict"]).run()
            #expect(check.status == 0, "\(check)")
            #expect([0, 2].contains(try await fixture.references().count))
            #expect(!fixture.traces().contains { $0.hasSuffix(".lock") || $0.contains("incoming") })
        }
    }
}

/// A client that reads the advertisement and nothing more.
private actor DeafConversation: Conversation {
    struct Gone: Error {}
    private let input: MemoryConversation
    private var writes = 0

    init(_ input: [[UInt8]]) { self.input = MemoryConversation(input) }

    func read() async throws -> [UInt8] { try await input.read() }

    func write(_ bytes: [UInt8]) throws {
        writes += 1
        if writes > 1 { throw Gone() }
    }

    func writeError(_ bytes: [UInt8]) throws { throw Gone() }
}

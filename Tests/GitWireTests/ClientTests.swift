import Foundation
import Testing

@testable import GitWire

/// A real `git push` talks to recorded bytes: it must understand what is encoded here, and what it says must parse.
@Suite struct ClientTests {
    /// The server reads to the end of its input only where a pack comes: git leaves it open when none follows.
    private static let setUp = """
        git init -q -b main . && git commit -q --allow-empty -m first
        cat > server <<'END'
        #!/bin/bash
        list() {
            while length=$(head -c 4); do
                printf %s "$length" >> request
                [ "$length" = 0000 ] && return
                head -c $((0x$length - 4)) >> request
            done
        }
        cat advertisement
        for part in $PARTS; do [ $part = pack ] && cat >> request || list; done
        cat answer
        END
        chmod +x server
        """

    /// Pushes with `arguments` to a server that reads `parts`, and answers with `advertisement` and `answer`.
    private func push(
        _ arguments: String, parts: String = "commands pack", advertisement: [UInt8], answer: [UInt8]
    ) async throws -> (output: String, request: [UInt8]) {
        try await withTemporaryFolder { folder in
            try Data(advertisement).write(to: folder.appending(path: "advertisement"))
            try Data(answer).write(to: folder.appending(path: "answer"))
            try Data().write(to: folder.appending(path: "request"))
            let script =
                "\(Self.setUp)\nPARTS='\(parts)' timeout 60 git push --porcelain --receive-pack=./server . \(arguments)"
            let output = try await shell(script, in: folder).output
            return (output, Array(try Data(contentsOf: folder.appending(path: "request"))))
        }
    }

    private func request(_ bytes: [UInt8]) throws -> ReceivePackRequest {
        var parser = ReceivePackParser()
        guard case .complete(let request) = try parser.feed(bytes) else { throw WireError("not complete") }
        return request
    }

    private func answer(_ results: [ReportStatus.Result]) -> [UInt8] {
        let report = ReportStatus(unpackError: nil, results: results).encoded(for: .v2)
        let bands = report.indices.flatMap { SideBand.encode([report[$0]], band: .data) }
        return SideBand.keepalive + SideBand.encode(bytes("-----> Building\n"), band: .progress) + bands + flush
    }

    @Test(arguments: [ProtocolVersion.v0, .v1]) func `git reads our words and we read git's`(_ version: ProtocolVersion)
        async throws
    {
        let advertisement = ReferenceAdvertisement(references: [], agent: "martlet/0.1").encoded(for: version)
        let results = [
            ReportStatus.Result(name: bytes("refs/heads/a"), outcome: .ok),
            ReportStatus.Result(name: bytes("refs/heads/b"), outcome: .rejected("pre-receive hook declined")),
        ]
        let (output, sent) = try await push(
            "-o x=y main:refs/heads/a main:refs/heads/b", advertisement: advertisement, answer: answer(results))
        #expect(output.contains("remote: -----> Building"))
        #expect(output.contains("*\trefs/heads/main:refs/heads/a\t[new branch]"))
        #expect(output.contains("!\trefs/heads/main:refs/heads/b\t[remote rejected] (pre-receive hook declined)"))
        let request = try request(sent)
        #expect(request.commands.map(\.text) == ["refs/heads/a", "refs/heads/b"])
        #expect(request.pushOptions == ["x=y"])
        #expect(request.capabilities.agent?.hasPrefix("git/") == true)
        #expect(request.rest.starts(with: bytes("PACK")))
    }

    @Test func `git deletes what we advertise`() async throws {
        let name = try #require(ReferenceName("refs/heads/old"))
        let advertisement = ReferenceAdvertisement(references: [(name, .one)], agent: "martlet/0.1").encoded(for: .v0)
        let result = ReportStatus.Result(name: bytes(name.text), outcome: .ok)
        let (output, sent) = try await push(
            ":old", parts: "commands", advertisement: advertisement, answer: answer([result]))
        #expect(output.contains("-\t:refs/heads/old\t[deleted]"))
        let request = try request(sent)
        #expect(request.commands == [Command(old: .one, new: .zero, rawName: bytes(name.text))])
        #expect(!request.expectsPack && request.rest.isEmpty)
    }

    @Test func `git shows a rewritten reference`() async throws {
        var rewrite = ReportStatus.Rewrite()
        rewrite.name = ReferenceName("refs/heads/b")
        let result = ReportStatus.Result(name: bytes("refs/for/b"), outcome: .ok, rewrite: rewrite)
        let advertisement = ReferenceAdvertisement(references: [], agent: "martlet/0.1").encoded(for: .v0)
        let (output, _) = try await push("main:refs/for/b", advertisement: advertisement, answer: answer([result]))
        #expect(output.contains("*\trefs/heads/main:refs/heads/b"))
    }

    @Test func `git shows an error packet`() async throws {
        let error = PacketLine.error("no app 'x'").encoded
        let (output, _) = try await push("main", parts: "", advertisement: error, answer: [])
        #expect(output.contains("fatal: remote error: no app 'x'"))
    }
}

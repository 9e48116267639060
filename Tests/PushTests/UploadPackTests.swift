import Foundation
import GitWire
import TestKit
import Testing

@testable import Push

@Suite struct UploadPackTests {
    /// A server's repository with two commits on `main`, an annotated tag, a hidden commit above, and one that nothing
    /// reaches.
    private struct Server {
        let scratch: Scratch
        let commits: [ObjectID]
        var path: String { "\(scratch.path)/server.git" }
        var tip: ObjectID { commits[1] }
        var hidden: ObjectID { commits[2] }
        var unreachable: ObjectID { commits[3] }

        static func with(_ body: (Server) async throws -> Void) async throws {
            let scratch = try Scratch()
            defer { scratch.remove() }
            let script = """
                set -e; cd "$0"; export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a
                export GIT_COMMITTER_EMAIL=a@b; git init -q --bare -b main server.git; cd server.git
                git config transfer.hideRefs refs/martlet
                tree=$(git mktree < /dev/null)
                one=$(git commit-tree -m one $tree); two=$(git commit-tree -m two -p $one $tree)
                hidden=$(git commit-tree -m hidden -p $two $tree); lost=$(git commit-tree -m lost -p $one $tree)
                git update-ref refs/heads/main $two; git update-ref refs/martlet/x $hidden; git tag -a -m v1 v1 $one
                printf '%s\\n' $one $two $hidden $lost
                """
            let result = try await Command(["bash", "-c", script, scratch.path]).run()
            let commits = result.output.split(separator: "\n").compactMap { ObjectID($0) }
            guard commits.count == 4 else { throw Unmet("fixture: \(result)") }
            try await body(Server(scratch: scratch, commits: commits))
        }

        /// What we answer to `input`, and the exit status.
        func fetch(_ input: [[UInt8]], version: ProtocolVersion) async throws -> (MemoryConversation, Int32) {
            let conversation = MemoryConversation(input)
            let uploadPack = UploadPack(
                repository: path, conversation: conversation, protocolVersion: version, agent: "martlet/test")
            return (conversation, try await uploadPack.run())
        }

        /// What git answers to the same.
        func reference(_ input: String, version: Int) async throws -> String {
            let script = "GIT_CONFIG_GLOBAL=/dev/null GIT_PROTOCOL=version=\(version) git upload-pack ."
            return try await Command(["bash", "-c", script], directory: path).run(input: input).output
        }
    }

    private static func packet(_ text: String) -> [UInt8] { PacketLine.data(Array(text.utf8)).encoded }
    private static let flush = PacketLine.flush.encoded

    /// A request of version 0.
    private func request(_ wants: [ObjectID], _ capabilities: String, _ more: [String] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, want) in wants.enumerated() {
            bytes += Self.packet("want \(want)\(index == 0 ? " " + capabilities : "")\n")
        }
        return bytes + more.flatMap { Self.packet($0 + "\n") } + Self.flush
    }

    /// A command of version 2.
    private func command(_ name: String, _ arguments: [String]) -> [UInt8] {
        Self.packet("command=\(name)") + PacketLine.delimiter.encoded + arguments.flatMap { Self.packet($0 + "\n") }
            + Self.flush
    }

    /// What is left of an answer once the advertisement and the pack are cut off.
    private func middle(_ output: String) -> String {
        let afterAdvertisement = output.range(of: "0000").map { output[$0.upperBound...] } ?? output[...]
        let end = afterAdvertisement.range(of: "PACK")?.lowerBound ?? afterAdvertisement.endIndex
        return String(afterAdvertisement[..<end])
    }

    @Test func `what was not advertised is refused in an error packet`() async throws {
        try await Server.with { server in
            for want in [server.commits[0], server.hidden, server.unreachable, .zero] {
                let (conversation, status) = try await server.fetch([request([want], "")], version: .v0)
                #expect(status == 128)
                #expect(conversation.output.hasSuffix("ERR upload-pack: not our ref \(want)\n"))
                #expect(conversation.diagnostics == "fatal: git upload-pack: not our ref \(want)\n")
            }
            #expect(!(try await server.fetch([Self.flush], version: .v0).0.output.contains("martlet/x")))
        }
    }

    @Test func `in version 2 a commit below the references may be had, and no other`() async throws {
        try await Server.with { server in
            let (conversation, status) = try await server.fetch(
                [command("fetch", ["want \(server.commits[0])", "no-progress", "done"])], version: .v2)
            #expect(status == 0)
            #expect(conversation.output.contains("000dpackfile\n"))
            for want in [server.hidden, server.unreachable, ObjectID(String(repeating: "1", count: 40)) ?? .zero] {
                let (conversation, status) = try await server.fetch(
                    [command("fetch", ["want \(want)", "done"])], version: .v2)
                #expect(status == 128)
                #expect(conversation.output.hasSuffix("ERR upload-pack: not our ref \(want)\n"))
            }
        }
    }

    @Test func `a client without side-band gets the bare pack`() async throws {
        try await Server.with { server in
            let input = request([server.tip], "ofs-delta") + Self.packet("done\n")
            let (conversation, status) = try await server.fetch([input], version: .v0)
            #expect(status == 0)
            #expect(conversation.output.contains("00000008NAK\nPACK\0\0\0\u{2}\0\0\0\u{3}"))
            #expect(!conversation.output.hasSuffix("0000"))
            #expect(conversation.diagnostics.isEmpty)
        }
    }

    @Test(arguments: ["side-band", "side-band-64k"])
    func `bands end with a flush and carry progress unless it is not wanted`(_ band: String) async throws {
        try await Server.with { server in
            let loud = request([server.tip], band) + Self.packet("done\n")
            let output = try await server.fetch([loud], version: .v1).0.output
            #expect(output.contains("\u{2}Enumerating objects: 3, done.\n"))
            #expect(output.contains("\u{1}PACK") && output.hasSuffix("0000"))
            let quiet = request([server.tip], "\(band) no-progress") + Self.packet("done\n")
            #expect(try await !server.fetch([quiet], version: .v1).0.output.contains("Enumerating"))
        }
    }

    @Test func `a client that leaves early is no failure, one that leaves midway is`() async throws {
        try await Server.with { server in
            #expect(try await server.fetch([Self.flush], version: .v0).1 == 0)
            #expect(try await server.fetch([], version: .v2).1 == 0)
            #expect(try await server.fetch([Self.flush], version: .v2).1 == 0)
            let whole = request([server.tip], "side-band-64k") + Self.packet("have \(server.tip)\n")
            for end in stride(from: 0, to: whole.count, by: 5) {
                let (conversation, status) = try await server.fetch([Array(whole.prefix(end))], version: .v0)
                #expect(status == 128)
                #expect(conversation.diagnostics == "fatal: the remote end hung up unexpectedly\n")
            }
        }
    }

    @Test func `haves are answered as git answers them`() async throws {
        try await Server.with { server in
            let (one, two, lost) = (server.commits[0], server.tip, ObjectID(String(repeating: "1", count: 40)) ?? .zero)
            for mode in ["", "multi_ack", "multi_ack_detailed"] {
                for haves in [[lost, one, lost], [lost], [two, lost], [lost, two, one], []] {
                    // Without multi_ack git acknowledges the parent of what it acknowledged, against its own document.
                    if mode.isEmpty, haves == [lost, two, one] { continue }
                    var input = request([two], mode)
                    for have in haves { input += Self.packet("have \(have)\n") + Self.flush }
                    input += Self.packet("done\n")
                    let ours = middle(try await server.fetch([input], version: .v0).0.output)
                    let theirs = middle(try await server.reference(String(decoding: input, as: UTF8.self), version: 0))
                    #expect(ours == theirs, "\(mode) \(haves)")
                }
            }
        }
    }

    @Test func `commands are answered as git answers them`() async throws {
        try await Server.with { server in
            let (one, two) = (server.commits[0], server.tip)
            let lost = String(repeating: "1", count: 40)
            let want = "want \(two)"
            let transcripts = [
                command("ls-refs", ["peel", "symrefs", "unborn"]),
                command("ls-refs", ["ref-prefix HEAD", "ref-prefix refs/tags/", "ref-prefix refs/martlet/"]),
                command("fetch", [want, "have \(lost)"]) + command("fetch", [want, "have \(one)", "have \(lost)"]),
                command("fetch", ["wait-for-done", want, "have \(one)"]) + Self.flush,
                command("fetch", [want, "deepen 1", "done"]),
                command("fetch", [want, "shallow \(two)", "deepen 2147483647", "have \(two)", "done"]),
                command("fetch", [want, "shallow \(two)", "shallow \(lost)", "done"]),
                command("fetch", ["done"]) + command("fetch", []) + Self.flush,
                command("fetch", ["wait-for-done", "have \(one)", "have \(lost)"]) + Self.flush,
            ]
            for input in transcripts {
                let ours = middle(try await server.fetch([input], version: .v2).0.output)
                let theirs = middle(try await server.reference(String(decoding: input, as: UTF8.self), version: 2))
                // Up to the progress, which each words in its own way.
                let (one, other) = (ours.split(separator: "\u{2}").first, theirs.split(separator: "\u{2}").first)
                #expect(one?.dropLast(4) == other?.dropLast(4), "\(String(decoding: input, as: UTF8.self))")
            }
        }
    }
}

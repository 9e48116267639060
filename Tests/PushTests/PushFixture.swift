import Foundation
import Git
import GitWire
import Push
import TestKit

/// A bare repository to push to, and a developer's one whose commits are pushed.
struct PushFixture: Sendable {
    let scratch: Scratch
    let repository: String
    /// Two commits, the second on top of the first.
    let commits: [ObjectID]
    /// A pack with all objects of both.
    let pack: [UInt8]

    /// Runs `body` with a fixture and removes it afterwards.
    static func with(_ body: (PushFixture) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await body(PushFixture(scratch))
    }

    private init(_ scratch: Scratch) async throws {
        self.scratch = scratch
        repository = "\(scratch.path)/server.git"
        let script = """
            set -e; cd "$0"; export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
            git init -q --bare server.git; git init -q -b main client; cd client
            echo one > file; git add .; git commit -q -m one; git rev-parse HEAD
            echo two > file; git commit -q -a -m two; git rev-parse HEAD
            git rev-list --objects HEAD | cut -d' ' -f1 | git pack-objects -q --stdout > ../pack
            """
        let result = try await Command(["bash", "-c", script, scratch.path]).run()
        commits = result.output.split(separator: "\n").compactMap { ObjectID($0) }
        guard result.status == 0, commits.count == 2 else { throw Unmet("fixture: \(result)") }
        pack = Array(try Data(contentsOf: URL(filePath: "\(scratch.path)/pack")))
    }

    /// The bytes of a request for these commands (`OLD NEW NAME`).
    func request(_ commands: [(ObjectID, ObjectID, String)], capabilities: String) -> [UInt8] {
        var writer = PacketWriter()
        for (index, (old, new, name)) in commands.enumerated() {
            writer.data(Array("\(old) \(new) \(name)\(index == 0 ? "\0 \(capabilities)" : "")".utf8))
        }
        writer.flush()
        return writer.bytes
    }

    /// Pushes `input` and returns the conversation and the exit status.
    func push(_ input: [[UInt8]], policy: any PushPolicy = StorePolicy()) async throws -> (MemoryConversation, Int32) {
        let conversation = MemoryConversation(input)
        let receivePack = ReceivePack(
            repository: repository, conversation: conversation, policy: policy, protocolVersion: .v0,
            agent: "martlet/test")
        return (conversation, try await receivePack.run())
    }

    /// All references of the repository, as `OID NAME` lines.
    func references() async throws -> [String] {
        let result = try await Command(["git", "-C", repository, "for-each-ref", "--format=%(objectname) %(refname)"])
            .run()
        return result.output.split(separator: "\n").map(String.init)
    }

    /// Files below the objects' folder, and lock files anywhere.
    func traces() -> [String] {
        (FileManager.default.enumerator(atPath: repository)?.compactMap { $0 as? String } ?? []).filter {
            $0.hasSuffix(".lock") || $0.hasPrefix("objects/") && $0 != "objects/info" && $0 != "objects/pack"
        }
    }
}

import Foundation
import Git
import GitWire
import Glibc
import Hooks
import Logging
import Platform
import TestKit

@testable import Push

/// Pushes to a repository whose installation has hooks.
struct HookedPush: Sendable {
    let fixture: PushFixture
    let hooks: String

    /// The hooks that come with Martlet.
    static let library = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "hooks").path

    static func with(_ body: (HookedPush) async throws -> Void) async throws {
        try await PushFixture.with { fixture in
            let hooks = "\(fixture.scratch.path)/hooks"
            for kind in HookKind.allCases {
                try FileManager.default.createDirectory(
                    atPath: "\(hooks)/\(kind.folderName)", withIntermediateDirectories: true)
            }
            try await body(HookedPush(fixture: fixture, hooks: hooks))
        }
    }

    /// Writes a hook in shell that begins with `text`'s first line.
    func write(_ kind: HookKind, _ text: String, as name: String = "50-test") throws {
        let path = "\(hooks)/\(kind.folderName)/\(name)"
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
    }

    /// Has one of Martlet's own hooks run.
    func enable(_ name: String, _ kind: HookKind) throws {
        try FileManager.default.copyItem(
            atPath: "\(Self.library)/\(name)", toPath: "\(hooks)/\(kind.folderName)/50-\(name)")
    }

    /// Writes a file beside the hooks.
    func configure(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(hooks)/\(name)"))
    }

    var pushHooks: PushHooks {
        var environment = HookEnvironment()
        environment.app = "shop"
        environment.user = "alice"
        let runner = HookRunner(
            folder: HookFolder(hooks), timeLimit: .seconds(30), grace: .seconds(1), logger: Logger(label: "test"))
        return PushHooks(runner: runner, environment: environment)
    }

    /// Pushes to its end; throws what the conversation does.
    @discardableResult
    func push(_ conversation: any Conversation, policy: any PushPolicy = StorePolicy()) async throws -> Int32 {
        try await ReceivePack(
            repository: fixture.repository, conversation: conversation, policy: policy, hooks: pushHooks,
            protocolVersion: .v0, agent: "martlet/test"
        ).run()
    }

    /// Pushes both commits to these references and returns what the client got.
    func push(
        _ commands: [(ObjectID, ObjectID, String)], capabilities: String = "report-status side-band-64k"
    ) async throws -> MemoryConversation {
        let request = fixture.request(commands, capabilities: capabilities)
        let conversation = MemoryConversation([request + fixture.pack])
        try await push(conversation)
        return conversation
    }

    /// The lines that a hook wrote into a file of the repository; none without it.
    func lines(of name: String) -> [String] {
        let text = (try? String(contentsOfFile: "\(fixture.repository)/\(name)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Runs a script in the developer's repository, which must succeed.
    @discardableResult
    func develop(_ script: String) async throws -> String {
        let environment = [
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b", "GNUPGHOME": "\(fixture.scratch.path)/gnupg",
        ]
        let result = try await Command(
            ["bash", "-c", "set -eo pipefail\n\(script)"], environment: environment,
            directory: "\(fixture.scratch.path)/client"
        ).run()
        guard result.status == 0 else { throw Unmet("\(script): \(result)") }
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// Pushes what `revision` names in the developer's repository to a new branch, with the objects that the server has not.
    func pushRevision(_ revision: String = "HEAD") async throws -> String {
        let number = UUID().uuidString.prefix(8).lowercased()
        let id = try await develop("git rev-parse '\(revision)'")
        let known = try await fixture.references().map { $0.prefix(40) }.joined(separator: " ")
        try await develop(
            "git rev-list --objects \(id) --not \(known) | cut -d' ' -f1 | git pack-objects -q --stdout > ../push")
        let pack = Array(try Data(contentsOf: URL(filePath: "\(fixture.scratch.path)/push")))
        guard let new = ObjectID(id) else { throw Unmet("'\(id)' is an object ID") }
        let name = revision.hasPrefix("refs/tags/") ? "refs/tags/\(number)" : "refs/heads/\(number)"
        let request = fixture.request([(.zero, new, name)], capabilities: "report-status side-band-64k")
        let conversation = MemoryConversation([request + pack])
        try await push(conversation)
        return conversation.output
    }
}

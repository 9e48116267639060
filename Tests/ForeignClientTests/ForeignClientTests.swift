import Foundation
import TestKit
import Testing

/// Clients that are not git: each speaks the protocol by code of its own, and most never close their side.
@Suite(.serialized) struct ForeignClientTests {
    enum Client: String, CaseIterable, Sendable {
        case dulwich, libgit2, jgit
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path

    @Test(arguments: Client.allCases)
    func `a foreign client creates, moves and deletes references`(client: Client) async throws {
        try await TestServer.with { server in
            try await makeApp(server)
            let pushed = try await run(client, "push", server)
            #expect(pushed.status == 0, "\(pushed)")
            let head = pushed.output.split(separator: "\n").last { $0.hasPrefix("head ") }?.dropFirst(5)
            let references = try await references(server)
            #expect(references["refs/heads/a"] == head.map(String.init), "\(pushed)")
            #expect(Set(references.keys) == ["refs/heads/a", "refs/heads/c", "refs/tags/v1"], "\(pushed)")
            #expect((pushed.output + pushed.errors).contains("refname conflict"), "\(pushed)")
            let check = try await Command(["git", "-C", repository(server), "fsck", "--full"]).run()
            #expect(check.status == 0, "\(check)")
        }
    }

    @Test(arguments: Client.allCases)
    func `a foreign client fetches what it pushed`(client: Client) async throws {
        try await TestServer.with { server in
            try await makeApp(server)
            #expect(try await run(client, "push", server).status == 0)
            let fetched = try await run(client, "fetch", server)
            #expect(fetched.status == 0, "\(fetched)")
            let head = try #require(try await references(server)["refs/heads/a"])
            #expect(fetched.output.contains(head), "\(fetched)")
            #expect(!fetched.output.contains("refs/martlet"))
        }
    }

    /// An app whose deploy branch nobody pushes to, so that nothing is built.
    private func makeApp(_ server: TestServer) async throws {
        for command in ["apps create shop", "apps set shop --deploy-branch live"] {
            let made = try await server.ssh(command)
            guard made.status == 0 else { throw Unmet("\(command): \(made)") }
        }
    }

    private func run(_ client: Client, _ action: String, _ server: TestServer) async throws -> Command.Result {
        let url = "ssh://git@127.0.0.1:\(server.sshPort)/shop"
        let clone = "\(server.scratch.path)/\(client)-\(action)"
        let ssh = server.sshWords(as: "alice").joined(separator: " ")
        var environment = ["GIT_SSH_COMMAND": ssh, "SSH_AUTH_SOCK": "", "HOME": server.scratch.path]
        let words: [String]
        switch client {
        case .dulwich: words = ["/usr/bin/python3", "\(Self.folder)/dulwich-client.py", action, url, clone]
        case .libgit2:
            words = [
                "/usr/bin/python3", "\(Self.folder)/pygit2-client.py", action, url, clone, server.key(of: "alice"),
            ]
        case .jgit:
            words = ["bash", "\(Self.folder)/jgit-client.sh", action, url, clone]
            environment["GIT_SSH"] = try makeSSHProgram(ssh, server)
            environment["GIT_SSH_COMMAND"] = nil
        }
        return try await Command(["timeout", "120"] + words, environment: environment).run()
    }

    /// JGit names a program, and gives it `[-p PORT] HOST COMMAND`.
    private func makeSSHProgram(_ ssh: String, _ server: TestServer) throws -> String {
        let path = "\(server.scratch.path)/ssh-program"
        let script = "#!/bin/bash\nwhile [[ $1 == -* ]]; do shift 2; done\nexec \(ssh) \"$@\"\n"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755])
        else { throw Unmet("cannot write '\(path)'") }
        return path
    }

    private func repository(_ server: TestServer) async throws -> String {
        "\(server.data)/repositories/\(try await server.sql("select id from apps where name = 'shop'")).git"
    }

    private func references(_ server: TestServer) async throws -> [String: String] {
        let format = "--format=%(refname) %(objectname)"
        let result = try await Command(["git", "-C", repository(server), "for-each-ref", format]).run()
        let pairs = result.output.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            return (words[0], words[1])
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

import Foundation

/// A developer's repository, with the server's app as its remote `martlet`.
package struct TestClone: Sendable {
    package let path: String
    private let environment: [String: String]

    /// A new repository on branch `main` whose remote is `app`, with one commit of the sample app's files if it is named.
    package init(_ server: TestServer, app: String, as user: String = "alice", sample: String? = nil) async throws {
        path = "\(server.scratch.path)/clone-\(UUID().uuidString.prefix(8))"
        environment = [
            "GIT_SSH_COMMAND": server.sshWords(as: user).joined(separator: " "), "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "SSH_AUTH_SOCK": "",
            "GIT_AUTHOR_NAME": user, "GIT_AUTHOR_EMAIL": "\(user)@example.com", "GIT_COMMITTER_NAME": user,
            "GIT_COMMITTER_EMAIL": "\(user)@example.com",
        ]
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await git("init", "-q", "-b", "main")
        try await git("remote", "add", "martlet", "ssh://git@127.0.0.1:\(server.sshPort)/\(app)")
        if let sample { try await use(sample) }
    }

    /// Replaces the files by those of a sample app, and commits.
    package func use(_ sample: String) async throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != ".git" {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(TestServer.apps)/\(sample)") {
            try FileManager.default.copyItem(atPath: "\(TestServer.apps)/\(sample)/\(name)", toPath: "\(path)/\(name)")
        }
        // Otherwise BuildKit would take the steps from its cache that a former test has run.
        if let page = try? String(contentsOfFile: "\(path)/index.html", encoding: .utf8) {
            try Data("\(page)<!-- \(UUID()) -->\n".utf8).write(to: URL(filePath: "\(path)/index.html"))
        }
        try await commit("use \(sample)")
    }

    /// Writes a file and commits it.
    package func write(_ name: String, _ text: String) async throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        try await commit("write \(name)")
    }

    /// The commit that HEAD names.
    package func head() async throws -> String {
        try await git("rev-parse", "HEAD").output.trimmingCharacters(in: .newlines)
    }

    /// Runs git, which must succeed.
    @discardableResult
    package func git(_ words: String...) async throws -> Command.Result {
        let result = try await command(["git"] + words).run()
        guard result.status == 0 else { throw Unmet("git \(words.joined(separator: " ")): \(result)") }
        return result
    }

    /// Runs a program, which may fail, with git's settings.
    package func run(_ words: String...) async throws -> Command.Result { try await command(words).run() }

    /// Pushes, which may fail: `main` to the app unless `words` say otherwise.
    package func push(_ words: String...) async throws -> Command.Result {
        try await pushCommand(words).run()
    }

    /// Begins a push that goes on while the test does.
    package func startPush(_ words: String...) throws -> RunningCommand { try pushCommand(words).start() }

    private func pushCommand(_ words: [String]) -> Command {
        command(["git", "push"] + (words.contains("martlet") ? words : words + ["martlet", "main"]))
    }

    private func command(_ words: [String]) -> Command { Command(words, environment: environment, directory: path) }

    private func commit(_ message: String) async throws {
        try await git("add", "--all")
        try await git("commit", "-q", "--allow-empty", "-m", message)
    }
}

import Testing

@testable import GitWire

@Suite struct ExecCommandTests {
    @Test(
        arguments: [
            ("git-receive-pack '/app.git'", .receivePack("/app.git")), ("git-receive-pack '//x'", .receivePack("//x")),
            ("git receive-pack 'app.git'", .receivePack("app.git")),
            ("/usr/bin/git-receive-pack 'x'", .receivePack("x")),
            ("/usr/bin/git  receive-pack  x", .receivePack("x")), ("  git-receive-pack   'x'  ", .receivePack("x")),
            ("git-receive-pack \"app\"", .receivePack("app")), ("git-receive-pack app", .receivePack("app")),
            ("git-upload-pack '~alice/it'\\''s a.git'", .uploadPack("~alice/it's a.git")),
            ("git-upload-pack 'a'\\!'b'", .uploadPack("a!b")),
            ("git upload-pack 'x'", .uploadPack("x")), ("git-upload-pack '-x'", .uploadPack("-x")),
            ("git-upload-pack ''", .uploadPack("")),
            ("git-upload-pack 'a\nb'", .uploadPack("a\nb")),
            ("git-upload-pack '$(id)`id`;id'", .uploadPack("$(id)`id`;id")),
            ("git-upload-archive 'x'", .unsupportedGit("git-upload-archive")),
            ("git upload-archive x", .unsupportedGit("git-upload-archive")),
            ("git-lfs-authenticate x download", .unsupportedGit("git-lfs-authenticate")),
            ("git-lfs-transfer x upload", .unsupportedGit("git-lfs-transfer")),
            ("scp -t /tmp", .unsupportedGit("scp")), ("rsync --server . x", .unsupportedGit("rsync")),
            ("git", .unsupportedGit("git")),
            ("/usr/lib/openssh/sftp-server", .unsupportedGit("sftp-server")),
            ("git-receive-packs x", .unsupportedGit("git-receive-packs")),
            ("apps list", .command(["apps", "list"])), ("apps:create shop", .command(["apps:create", "shop"])),
            ("/bin/sh -c id", .command(["/bin/sh", "-c", "id"])),
            ("gitx", .command(["gitx"])),
            ("run shop -- sh -c 'echo \"$HOME\"'", .command(["run", "shop", "--", "sh", "-c", "echo \"$HOME\""])),
        ] as [(String, ExecCommand)]) func `a request is recognised`(_ text: String, _ command: ExecCommand) throws
    {
        #expect(try ExecCommand(text) == command)
    }

    @Test(arguments: [
        ("a b\tc", ["a", "b", "c"]), ("''", [""]), ("a '' \"\"", ["a", "", ""]), ("a'b'\"c\"d", ["abcd"]),
        ("a\\ b", ["a b"]),
        ("\"a\\\"b\\\\c\\$d\\`e\\f\"", ["a\"b\\c$d`e\\f"]), ("'a\\b'", ["a\\b"]), ("\\'", ["'"]),
        ("a\\\nb \"c\\\nd\"", ["ab", "cd"]),
        ("K='line 1\nline 2'", ["K=line 1\nline 2"]),
        ("* ~ $HOME `x` ; | & > # !", ["*", "~", "$HOME", "`x`", ";", "|", "&", ">", "#", "!"]),
        ("é '🦅 x'", ["é", "🦅 x"]),
    ]) func `words are split as a shell does, and nothing is expanded`(_ text: String, _ words: [String]) throws {
        #expect(try ExecCommand(text) == .command(words))
    }

    @Test(arguments: ["", " ", "\t "]) func `a line without words is empty`(_ text: String) {
        #expect(throws: WireError.emptyCommand) { try ExecCommand(text) }
    }

    @Test(arguments: [
        ("git-receive-pack 'x", "unbalanced quote in the command; close it"),
        ("apps \"list", "unbalanced quote in the command; close it"),
        ("apps \\", "backslash at the end of the command; remove or double it"),
        ("git-receive-pack", "'git-receive-pack' takes one repository, not 0"),
        ("git receive-pack", "'git-receive-pack' takes one repository, not 0"),
        ("git-upload-pack 'a' 'b'", "'git-upload-pack' takes one repository, not 2"),
        ("git-receive-pack 'app\0x'", "control character in the command: '^@'"),
        ("apps\nlist", "control character in the command: '^J'"),
        ("apps '\u{1B}[2J'", "control character in the command: '^['"),
        ("apps \\\u{7F}", "control character in the command: '^?'"),
    ]) func `a line that is none is refused`(_ text: String, _ error: String) {
        #expect(throws: WireError(error)) { try ExecCommand(text) }
    }

    @Test func `a shell splits the same`() async throws {
        let alphabet = ["a", "b", " ", "'", "\"", "\\", "é", "=", "-", "'\\''", "'\\!'"]
        var generator = SeededGenerator(state: 3)
        let lines = (0..<300).map { _ in
            (0..<Int.random(in: 1...9, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "" }
                .joined()
        }
        let answers = try await withTemporaryFolder { folder in
            let script = """
                while IFS= read -r line; do
                    (eval "set -- $line" && printf '[%s]' "$@" && [ $# -gt 0 ]) || printf error
                    echo
                done 2> errors
                """
            return try await shell(script, in: folder, input: lines.flatMap { bytes($0 + "\n") })
                .output.split(separator: "\n", omittingEmptySubsequences: false)
        }
        for (line, answer) in zip(lines, answers) {
            // A shell drops a backslash at the end of its input; here that is an error.
            let words = try? ShellWords.split(line)
            guard let words, !words.isEmpty else { continue }
            #expect(answer == words.map { "[\($0)]" }.joined(), "'\(line)'")
        }
        #expect(
            zip(lines, answers).allSatisfy { line, answer in
                !answer.hasSuffix("error") || ((try? ShellWords.split(line)) ?? []).isEmpty
            })
        #expect(answers.count == lines.count + 1)
    }

    @Test(.timeLimit(.minutes(1))) func `a long line takes time in proportion`() throws {
        let line = "run '" + String(repeating: "x", count: 1 << 20) + "'"
        guard case .command(let words) = try ExecCommand(line) else { throw WireError("no command") }
        #expect(words[1].utf8.count == 1 << 20)
    }

    @Test(
        arguments: [
            ("/app.git", "app"), ("app.git", "app"), ("app", "app"), ("/app.git/", "app"), ("//app", "app"),
            ("app//", "app"), ("APP", "APP"), ("-x", "-x"),
            ("app;id", "app;id"), ("$(id)", "$(id)"), ("app%2e%2e", "app%2e%2e"), ("app.git.git", "app.git"),
            ("caf\u{E9}", "caf\u{E9}"),
            ("cafe\u{301}", "cafe\u{301}"), (String(repeating: "a", count: 300), String(repeating: "a", count: 300)),
            ("a b", "a b"),
            ("~/app", nil), ("~bob/app", nil), ("~bob", nil), ("/~bob/app", nil), ("../app", nil), ("/../../etc", nil),
            ("a/../b", nil), ("a/b", nil),
            ("app\0x", nil), ("app\nx", nil), (".git", nil), ("/.git/", nil), ("", nil), ("/", nil), (".", nil),
            ("..", nil), ("...git", nil),
            ("app/.git", nil), ("a\u{1B}b", nil),
        ] as [(String, String?)]) func `a path names one app or none`(_ path: String, _ name: String?)
    {
        #expect(ExecCommand.appName(fromPath: path).map(bytes) == name.map(bytes))
    }
}

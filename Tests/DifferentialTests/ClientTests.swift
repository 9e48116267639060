import Foundation
import TestKit
import Testing

/// Real git's pushes, to real git and to us.
@Suite struct ClientTests {
    /// What `git push` printed and where it led.
    private struct Pushed: Sendable {
        let status: Int32
        let output: String
        let errors: String
        let references: String
        let tracking: String
    }

    /// Makes both servers and their clients, runs `script` in both clients with `push` as a function that pushes, and
    /// compares everything.
    ///
    /// - Returns: what our side gave, for what is to be said beyond that.
    @discardableResult
    private func compare(_ script: String, isErrorCompared: Bool = true) async throws -> Pushed {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let ours = try await run(script, "\(scratch.path)/ours", "\(TestServer.program) serve-stdio receive-pack")
        let git = try await run(script, "\(scratch.path)/git", "git receive-pack")
        #expect(ours.status == git.status, "\(ours.errors)")
        #expect(ours.output == git.output, "\(ours.errors)")
        #expect(ours.references == git.references)
        #expect(ours.tracking == git.tracking)
        if isErrorCompared { #expect(ours.errors == git.errors) }
        return ours
    }

    private func run(_ script: String, _ folder: String, _ receivePack: String) async throws -> Pushed {
        let setUp = """
            set -e; mkdir "$0"; cd "$0"
            git init -q --bare -b main server.git
            git -C server.git config receive.advertisePushOptions true
            git -C server.git config receive.denyDeleteCurrent ignore
            git -C server.git config transfer.hideRefs refs/martlet
            git init -q -b main client; cd client
            git remote add origin ../server.git; git config remote.origin.receivepack "\(receivePack)"
            n() { echo "$1" >> file; git add .; git commit -q -m "$1"; }
            n one; git branch one; n two; git tag light; git tag -a -m v v1; git branch other one
            git push -q origin main one; git fetch -q
            set +e
            \(script)
            status=$?
            git -C ../server.git fsck --full --strict >&2 2> ../fsck || { cat ../fsck >&2; exit 99; }
            exit $status
            """
        let environment = [
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a",
            "HOME": "/nonexistent",
            "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@d", "LC_ALL": "C",
            "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
        ]
        let result = try await Command(["bash", "-c", setUp, folder], environment: environment).run()
        func references(_ path: String) async throws -> String {
            try await Command(["git", "-C", "\(folder)/\(path)", "for-each-ref"], environment: environment).run().output
        }
        return try await Pushed(
            status: result.status, output: Self.plain(result.output, folder), errors: Self.plain(result.errors, folder),
            references: references("server.git"),
            tracking: references("client"))
    }

    /// Without what differs on purpose: newer git's reasons, and what git's server says of a client that leaves.
    private static func plain(_ text: String, _ folder: String) -> String {
        let aside = ["remote: error: cannot lock ref", "fatal: the remote end hung up", "dangling "]
        return text.split(separator: "\n").filter { line in !aside.contains { line.hasPrefix($0) } }
            .joined(separator: "\n")
            .replacing(folder, with: "FOLDER").replacing("(refname conflict)", with: "(failed to update ref)")
            .replacing("(incorrect old value provided)", with: "(failed to update ref)")
    }

    @Test func `ordinary pushes look the same`() async throws {
        try await compare("n three; git push origin main; git push origin main; git push origin other v1 light")
        try await compare("git push --all origin; git push --tags origin; git push --follow-tags origin main")
        try await compare(
            "git push origin --delete one; git push origin :one; git push origin one:refs/heads/new :main")
    }

    @Test func `forced and refused pushes look the same`() async throws {
        try await compare("git reset -q --hard one; n fork; git push origin main")
        try await compare("git reset -q --hard one; n fork; git push --force origin main")
        try await compare(
            "git reset -q --hard one; n fork; git push --force-with-lease origin main; git push origin +main:one")
        try await compare("git push --force-with-lease=main:one origin +one:main")
        try await compare("git push origin main:refs/martlet/x main:refs/heads/good")
        try await compare("git push origin main:refs/heads/one/two")
        try await compare("git push origin main^{tree}:refs/tags/tree main:file:refs/tags/blob")
    }

    @Test func `porcelain output is the same to the byte`() async throws {
        let push = "git push --porcelain origin"
        try await compare("n three; \(push) main other v1 light :one")
        try await compare("\(push) main; \(push) main:refs/martlet/x main:refs/heads/new; \(push) --dry-run other")
        try await compare("git reset -q --hard one; n x; \(push) main; \(push) +main; \(push) main:one/two")
        try await compare("\(push) --atomic main:refs/heads/new main:refs/heads/newer")
    }

    @Test func `mirror and prune bring the server in line`() async throws {
        try await compare(
            "git push --mirror origin; git branch -D other one; git tag -d light; git push --mirror origin")
        try await compare(
            "git push --all origin; git branch -D one other; git push --prune origin 'refs/heads/*:refs/heads/*'")
    }

    @Test func `a dry run does nothing`() async throws {
        try await compare("n three; git push --dry-run origin main other :one; git push -n --tags origin")
    }

    @Test func `atomic pushes look the same`() async throws {
        try await compare("n three; git push --atomic origin main other")
        // Another one pushes in between: what is sent with it is refused as well.
        try await compare(
            """
            n three; cat > .git/hooks/pre-push <<'X'
            #!/bin/sh
            git -C ../server.git update-ref refs/heads/main refs/heads/one
            X
            chmod +x .git/hooks/pre-push; git push --atomic origin main other
            """, isErrorCompared: false)
    }

    @Test func `signing if asked goes on without, and signing stops at the client`() async throws {
        try await compare("n three; git push --signed=if-asked origin main")
        try await compare("n three; git push --signed origin main")
    }

    @Test func `push options arrive`() async throws {
        try await compare("n three; git push -o no-cache -o message=hello -o message= origin main")
    }

    @Test func `thin or not, with any protocol version and amount of output, it is the same`() async throws {
        for options in ["--thin", "--no-thin", "--quiet", "--verbose", "--progress", "--no-verify", "--ipv4"] {
            try await compare(
                "n three; git push \(options) origin main",
                isErrorCompared: options != "--progress" && options != "--verbose")
        }
        for version in ["0", "1", "2"] {
            try await compare("n three; git -c protocol.version=\(version) push origin main")
        }
    }

    @Test func `a clone of depth 1 pushes`() async throws {
        try await compare(
            """
            git clone -q --depth 1 file://$PWD/../server.git ../shallow; cd ../shallow
            git config remote.origin.receivepack "$(git -C ../client config remote.origin.receivepack)"
            n deep; git push origin main; git push origin main:refs/heads/new
            """)
    }

    @Test func `merges, renames, submodules and large files arrive`() async throws {
        try await compare(
            """
            git checkout -q other; n x; git mv file moved; git commit -q -m move; git checkout -q main
            git merge -q -m merge other -s ours; head -c 3000000 /dev/zero > large; seq 100000 > numbers; git add .
            git update-index --add --cacheinfo 160000,1212121212121212121212121212121212121212,module
            git commit -q -m large; git push -q origin main; git diff --quiet origin/main
            """)
    }

    @Test func `hundreds of commits arrive in one pack`() async throws {
        try await compare(
            "for i in $(seq 150); do n $i; done; git push -q origin main; git repack -adfq; git push -q origin main:x")
    }
}

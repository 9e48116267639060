import Foundation
import TestKit
import Testing

extension EndToEnd {
    @Suite struct FetchTests {
        /// What comes of the scenario with `uploadPack` as the server's program.
        private func outcome(_ uploadPack: String, version: Int) async throws -> String {
            let scratch = try Scratch()
            defer { scratch.remove() }
            let folder = "\(scratch.path)/same"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let words = ["bash", "-c", FetchScenario.script, "fetch", uploadPack, "\(version)", folder]
            let result = try await Command(words).run()
            return result.description.replacingOccurrences(of: scratch.path, with: "")
        }

        @Test(arguments: [0, 2]) func `git fetches the same from us as from git`(_ version: Int) async throws {
            async let ours = outcome("\(TestServer.program) serve-stdio upload-pack", version: version)
            async let theirs = outcome("git-upload-pack", version: version)
            let steps = try await (ours.components(separatedBy: "\n# "), theirs.components(separatedBy: "\n# "))
            for (one, other) in zip(steps.0, steps.1) { #expect(one == other) }
            #expect(steps.0.count == steps.1.count && steps.0.count > 30)
        }

        @Test func `what is hidden is not fetched, nor what nothing reaches`() async throws {
            let scratch = try Scratch()
            defer { scratch.remove() }
            let script = """
                cd "$1"; export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b
                export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
                git init -q --bare -b main s.git; git init -q c; cd s.git
                tree=$(git mktree < /dev/null); main=$(git commit-tree -m main $tree)
                git update-ref refs/heads/main $main
                hidden=$(git commit-tree -m hidden -p $main $tree); git update-ref refs/martlet/builds/1 $hidden
                lost=$(git commit-tree -m lost -p $main $tree); cd ../c
                for id in $main $hidden $lost; do
                    git -c protocol.version=2 fetch -q --upload-pack="$0" ../s.git $id 2>&1 | grep -q 'not our ref'
                    echo $?
                done
                git -c protocol.version=2 fetch -q --upload-pack="$0" ../s.git 'refs/*:refs/all/*'
                git for-each-ref | cut -f 2
                """
            let program = "\(TestServer.program) serve-stdio upload-pack"
            let result = try await Command(["bash", "-c", script, program, scratch.path]).run()
            #expect(result.output == "1\n0\n0\nrefs/all/heads/main\n")
        }
    }

    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct SSHFetchTests {
        @Test func `whoever may see an app clones it, and nobody else learns that it is there`() async throws {
            try await TestServer.with { server in
                try await server.addUser("bob")
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await server.ssh("apps create shop").status == 0)
                #expect(try await clone.git("ls-remote", "martlet").output == "")
                #expect(try await clone.push("martlet", "main:feature").status == 0)
                let bob = try await TestClone(server, app: "shop", as: "bob")
                let stranger = try await server.ssh("git-upload-pack 'shop'", as: "bob").output
                let missing = try await server.ssh("git-upload-pack 'nothing'", as: "bob").output
                #expect(stranger.contains("ERR no app named 'shop'"))
                #expect(stranger.dropFirst(4) == missing.dropFirst(4).replacing("nothing", with: "shop"))
                #expect(try await server.ssh("access grant shop bob viewer").status == 0)
                try await bob.git("fetch", "martlet")
                #expect(try await bob.git("rev-parse", "martlet/feature").output.hasPrefix(clone.head()))
                for version in [0, 1, 2] {
                    try await clone.write("index.html", "page \(version)\n")
                    try await clone.git("-c", "push.negotiate=true", "push", "martlet", "main:feature")
                    try await bob.git("-c", "protocol.version=\(version)", "pull", "-q", "martlet", "feature")
                    #expect(try await bob.head() == clone.head())
                }
                try await bob.git("fetch", "--depth", "1", "martlet")
                try await bob.git("fsck")
            }
        }
    }
}

import TestKit
import Testing

/// Pushes that race with each other and with git's own upkeep, each by a process of its own.
@Suite struct RaceTests {
    private static let environment = [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "LC_ALL": "C",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@d",
    ]

    /// Eight clients with a commit each on top of what the server has; `push N REFERENCE` pushes client N's.
    private func run(_ script: String) async throws -> Command.Result {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let setUp = """
            set -e; cd "$0"
            git init -q --bare -b main server.git; git -C server.git config gc.auto 0
            git init -q -b main 1; git -C 1 commit -q --allow-empty -m first; git -C 1 push -q ../server.git main
            for n in 2 3 4 5 6 7 8; do git clone -q server.git $n; done
            commit() { echo $1 $2 > $1/file$2; git -C $1 add .; git -C $1 commit -q -m "$1 $2"; }
            for n in 1 2 3 4 5 6 7 8; do commit $n 0; done
            push() { git -C $1 push -q --receive-pack "\(TestServer.program) serve-stdio receive-pack" ../server.git HEAD:$2; }
            \(script)
            git -C server.git fsck --full --strict
            test -z "$(find server.git -name '*.lock' -o -name 'incoming-*')"
            """
        return try await Command(["bash", "-c", setUp, scratch.path], environment: Self.environment).run()
    }

    @Test func `of eight pushes to one reference one wins`() async throws {
        let result = try await run(
            """
            for n in 1 2 3 4 5 6 7 8; do { push $n refs/heads/main 2> $n/errors && echo $n > $n/won; } & done; wait || true
            cat ?/won | wc -l
            test "$(git -C server.git rev-parse main)" = "$(git -C $(cat ?/won) rev-parse HEAD)"
            """)
        #expect(result.status == 0 && result.output.hasPrefix("1\n"), "\(result)")
    }

    @Test func `eight pushes to eight references all arrive`() async throws {
        let result = try await run(
            """
            for n in 1 2 3 4 5 6 7 8; do push $n refs/heads/of/$n & done
            for job in $(jobs -p); do wait $job; done
            for n in 1 2 3 4 5 6 7 8; do test $(git -C server.git rev-parse of/$n) = $(git -C $n rev-parse HEAD); done
            """)
        #expect(result.status == 0, "\(result)")
    }

    @Test(arguments: ["git -C server.git gc -q", "git -C server.git pack-refs --all --prune"])
    func `pushes lose nothing to git's upkeep`(upkeep: String) async throws {
        let result = try await run(
            """
            { while [ ! -e done ]; do \(upkeep) || touch failed; done; } & upkeep=$!
            for round in 1 2 3 4 5 6; do
                for n in 1 2 3; do commit $n $round; push $n refs/heads/of/$n; done
            done
            touch done; wait $upkeep; test ! -e failed
            for n in 1 2 3; do test $(git -C server.git rev-parse of/$n) = $(git -C $n rev-parse HEAD); done
            """)
        #expect(result.status == 0, "\(result)")
    }
}

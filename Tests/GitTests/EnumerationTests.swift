import Git
import GitWire
import Testing

/// Which objects a fetch sends: compared with `git rev-list --objects` and `git fsck` on the receiving side.
@Suite struct EnumerationTests {
    /// Two branches that are merged into each other, files that move, a submodule.
    private static let history = """
        commit() { GIT_COMMITTER_DATE="$1 +0000" git commit -qm "$2"; }
        mkdir -p a/b c; seq 1 400 > a/b/one; seq 500 900 > c/two; echo x > top; git add .; commit 1700000100 first
        git checkout -qb side; seq 1 401 > a/b/one; git add .; commit 1700000200 side-1
        git checkout -q main; seq 499 900 > c/two; echo y > top; git add .; commit 1700000300 main-1
        git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,module
        commit 1700000350 submodule
        git checkout -q -f side; git merge -q -m criss main
        git checkout -q main; git merge -q -m cross side~1
        git mv a/b/one c/one; commit 1700000500 move; echo x > top; git add top; commit 1700000600 back
        git tag -a -m v1 v1 main~2; git tag -a -m nested v1-again v1; git tag -a -m t tree-tag main^{tree}
        git tag -a -m b blob-tag main:top; git tag light main
        """

    private static let preparations = [
        "", "git repack -qadf --depth=20",
        "git repack -qd; git checkout -q side; echo z > z; git add z; git commit -qm z",
    ]

    @Test(arguments: preparations)
    func `a clone gets all that references reach and nothing else`(preparation: String) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            try await scratch.client("echo lost > lost; git hash-object -w lost; \(preparation)")
            let references = try await Repository.withRepository(at: "\(scratch.client)/.git") { try $0.references() }
            try await scratch.expectFetch(Array(Set(references.map(\.target))), [], exactly: true)
        }
    }

    @Test func `a fetch gets what the client has not`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            for preparation in ["true", "git repack -qadf"] {
                try await scratch.client(preparation)
                for (want, have) in [
                    ("main", "main~1"), ("main", "main~2"), ("main", "side"), ("side", "main"), ("side", "main~3"),
                    ("main", "v1"), ("v1-again", "main~3"), ("tree-tag", "main~1"), ("blob-tag", "main~1"),
                    ("tree-tag", "main"), ("main", "main"), ("main:c", "main~4:c"), ("main:top", "side"),
                ] {
                    try await scratch.expectFetch([scratch.id(want)], [scratch.id(have)])
                }
                let (first, both) = try await (scratch.id("main~3"), [scratch.id("main"), scratch.id("side")])
                try await scratch.expectFetch(both, [first])
            }
        }
    }

    @Test func `annotated tags go along with what they point to`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            try await scratch.client("git update-ref refs/martlet/x $(git rev-parse tree-tag); git tag -d tree-tag")
            var request = FetchRequest()
            request.wants = [try await scratch.id("main")]
            request.includesTags = true
            let tags = ["v1", "v1-again", "blob-tag"]
            let expected = try await scratch.reached("main \(tags.joined(separator: " "))")
            #expect(try await scratch.fetch(request).sent == expected)
            request.common = [try await scratch.id("main~1")]
            let sent = try await scratch.fetch(request).sent
            #expect(try await !sent.contains(scratch.id("v1").description))
        }
    }

    @Test func `wrong clocks cost objects but never lose any`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                for i in $(seq 1 60); do
                    echo $i > f; git add f
                    GIT_COMMITTER_DATE="$((1700000000 + (i * 7919 % 61) * 86400)) +0000" git commit -qm $i
                done
                """)
            for (want, have) in [(0, 1), (0, 30), (10, 50), (5, 59), (30, 0)] {
                try await scratch.expectFetch([scratch.id("main~\(want)")], [scratch.id("main~\(have)")])
            }
        }
    }

    @Test(arguments: 1...6) func `any history is sent completely`(seed: Int) async throws {
        try await Scratch.with { scratch in
            var random = Randomness(seed: UInt64(seed))
            try await scratch.client("git fast-import --quiet", input: Array(Self.history(40, &random).utf8))
            if seed % 2 == 0 { try await scratch.client("git repack -qadf") }
            let commits = try await scratch.client("git rev-list --all").split(separator: "\n")
                .compactMap { ObjectID($0) }
            for _ in 0..<3 {
                let wants = (0..<random.next(1...2)).map { _ in commits[random.next(0...(commits.count - 1))] }
                let common = (0..<random.next(0...2)).map { _ in commits[random.next(0...(commits.count - 1))] }
                try await scratch.expectFetch(Array(Set(wants)), Array(Set(common)))
            }
        }
    }

    @Test func `what is missing or hidden from view is an error, not a smaller pack`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let tip = try await scratch.id("main")
            let blob = try await scratch.id("main:c/one").description
            try await scratch.client("rm -f .git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
            var request = FetchRequest()
            request.wants = [tip]
            let source = PackSource(repository: "\(scratch.client)/.git")
            await #expect(throws: GitError.self) { _ = try await source.prepare(request) }
            request.wants = [ObjectID(bytes: Array(repeating: 7, count: 20)) ?? .zero]
            await #expect(throws: GitError.self) { _ = try await source.prepare(request) }
        }
    }

    /// A stream for `git fast-import`: commits with one or two random parents, some files, and clocks that go wrong.
    private static func history(_ count: Int, _ random: inout Randomness) -> String {
        var stream = ""
        for mark in 1...count {
            let time = 1_700_000_000 + mark * 100 + (random.next(0...5) == 0 ? random.next(-4000...4000) : 0)
            stream +=
                "commit refs/heads/b\(mark)\nmark :\(mark)\ncommitter C <c@example.org> \(time) +0000\ndata 1\nx\n"
            if mark > 1 {
                let parents = (0..<random.next(1...2)).map { _ in random.next(max(1, mark - 6)...(mark - 1)) }
                stream += "from :\(parents[0])\n"
                stream += parents.dropFirst().filter { $0 != parents[0] }.map { "merge :\($0)\n" }.joined()
            }
            for _ in 0..<random.next(1...3) {
                let text = String(repeating: "\(random.next(0...40))\n", count: 50)
                stream += "M 100644 inline d\(random.next(0...3))/e\(random.next(0...2))/f\(random.next(0...4))\n"
                stream += "data \(text.utf8.count)\n\(text)\n"
            }
        }
        return stream + "done\n"
    }
}

/// The same numbers for the same seed (SplitMix64).
struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func next(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

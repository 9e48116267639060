import Git
import GitWire
import Testing

/// That whatever a reference may point to is there completely.
@Suite struct ConnectivityTests {
    private static let twoCommits = """
        mkdir -p d/e; echo 1 > a; echo 2 > d/b; echo 3 > d/e/c; git add .; git commit -qm one
        echo 4 > d/e/c; echo 5 > new; git add .; git commit -qm two
        """

    @Test(arguments: ["main", "main~1", "main^{tree}", "main:d/e", "main:new", "main~1:d/e/c", "main~1:a"])
    func `an object that the pack lacks is named`(missing: String) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits)
            let absent = try await scratch.id(missing)
            let all = try await scratch.objects("main")
            let pack = try await scratch.pack(objects: all.filter { $0 != absent })
            #expect(try await scratch.receive(pack, tips: [scratch.id("main")]) == absent)
            #expect(try await scratch.files("objects") == ["objects/info", "objects/pack"])
        }
    }

    @Test func `only new objects have to come with a later push`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits)
            try await scratch.push("main~1", as: "refs/heads/main")
            let tip = try await scratch.id("main")
            let new = try await scratch.pack("main\n^main~1", options: "")
            #expect(try await scratch.receive(new, tips: [tip]) == nil)
            let blob = try await scratch.id("main:new")
            let some = try await scratch.objects("main ^main~1").filter { $0 != blob }
            #expect(try await scratch.receive(scratch.pack(objects: some), tips: [tip]) == nil)
        }
    }

    @Test func `a new object may be missing only if an old tree at its place has it`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits)
            try await scratch.push("main~1", as: "refs/heads/main")
            let blob = try await scratch.id("main:new")
            let some = try await scratch.objects("main ^main~1").filter { $0 != blob }
            #expect(try await scratch.receive(scratch.pack(objects: some), tips: [scratch.id("main")]) == blob)
        }
    }

    @Test func `a leftover that no reference reaches is not taken for complete`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits)
            let tip = try await scratch.id("main")
            let commit = try await scratch.client("git cat-file commit main")
            _ = try await shell(
                "git hash-object -t commit -w --stdin --literally", in: scratch.server,
                input: Array(commit.utf8) + [10])
            let empty = try await PackBuilder(count: 0).finished()
            #expect(try await scratch.receive(empty, tips: [tip]) == scratch.id("main~1"))
            try await scratch.push("main~1", as: "refs/heads/main")
            #expect(try await scratch.receive(empty, tips: [tip]) == scratch.id("main^{tree}"))
        }
    }

    @Test func `a branch at any old commit needs nothing new`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits + "\nfor i in 1 2 3 4; do git commit -q --allow-empty -m $i; done")
            try await scratch.push("main", as: "refs/martlet/releases/v1")
            let empty = try await PackBuilder(count: 0).finished()
            for revision in ["main", "main~1", "main~3", "main~5", "main^{tree}", "main:a"] {
                #expect(try await scratch.receive(empty, tips: [scratch.id(revision), .zero]) == nil)
            }
            #expect(
                try await scratch.receive(empty, tips: [#require(ObjectID(String(repeating: "1", count: 40)))])
                    == ObjectID(String(repeating: "1", count: 40)))
        }
    }

    @Test func `the commits of submodules are not looked for`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub
                git commit -qm sub
                """)
            #expect(try await scratch.receive(scratch.pack("main"), tips: [scratch.id("main")]) == nil)
        }
    }

    @Test func `annotated tags are followed to what they point to`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits + "\ngit tag -am v1 v1; git tag -am v2 v2 v1")
            let tags = try await [scratch.id("v1"), scratch.id("v2")]
            #expect(try await scratch.receive(scratch.pack(objects: [tags[1]]), tips: [tags[1]]) == tags[0])
            #expect(try await scratch.receive(scratch.pack(objects: tags), tips: [tags[1]]) == scratch.id("main"))
            #expect(try await scratch.receive(scratch.pack("v2"), tips: [tags[1]]) == nil)
        }
    }

    @Test func `an object used as another kind counts as missing`() async throws {
        try await Scratch.with { scratch in
            let blob = try await scratch.object("echo x | git hash-object -w --stdin")
            let tree = Array("40000 folder\0".utf8) + blob.bytes
            let root = try await scratch.object("git hash-object -t tree --literally -w --stdin", input: tree)
            let both = Array("100644 blob\0".utf8) + blob.bytes + tree
            let mixed = try await scratch.object("git hash-object -t tree --literally -w --stdin", input: both)
            for tree in [root, mixed] {
                let pack = try await scratch.pack(objects: [tree, blob])
                #expect(try await scratch.receive(pack, tips: [tree]) == blob)
            }
            let tag = try await scratch.object(
                "git hash-object -t tag -w --stdin --literally",
                input: Array("object \(blob)\ntype commit\ntag x\n".utf8))
            #expect(try await scratch.receive(scratch.pack(objects: [tag, blob]), tips: [tag]) == blob)
        }
    }

    @Test func `merges and clocks that run backwards change nothing`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                Self.twoCommits + """

                    git checkout -q -b side main~1
                    GIT_COMMITTER_DATE='100000000 +0000' git commit -q --allow-empty -m back
                    GIT_COMMITTER_DATE='1900000000 +0000' git merge -q -m merge main
                    """)
            try await scratch.push("side~1", as: "refs/heads/side")
            #expect(try await scratch.receive(scratch.pack("side\n^side~1"), tips: [scratch.id("side")]) == nil)
            let tip = try await scratch.id("side")
            let name = try #require(ReferenceName("refs/heads/merged"))
            #expect(try await scratch.apply([.init(name: name, old: .zero, new: tip)]) == [.ok])
            let empty = try await PackBuilder(count: 0).finished()
            #expect(try await scratch.receive(empty, tips: [scratch.id("main"), scratch.id("side~1")]) == nil)
        }
    }

    @Test func `a tree nested too deep is refused`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                tree=$(git hash-object -t tree -w /dev/null)
                for i in $(seq 1 12); do tree=$(printf '040000 tree %s\\td\\n' $tree | git mktree); done
                git update-ref refs/heads/main $(git commit-tree -m deep $tree)
                """)
            var limits = PackLimits()
            limits.treeDepth = 12
            let (pack, tip) = try await (scratch.pack("main"), scratch.id("main"))
            await #expect(throws: GitError.self) { _ = try await scratch.receive(pack, tips: [tip], limits: limits) }
            limits.treeDepth = 13
            #expect(try await scratch.receive(pack, tips: [tip], limits: limits) == nil)
        }
    }

    @Test func `where a shallow clone ends, the parents are not looked for`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.twoCommits + "\necho 6 > six; git add .; git commit -qm three")
            let (tip, boundary) = try await (scratch.id("main"), scratch.id("main~1"))
            let some = try await scratch.objects("--no-walk main main~1").filter { $0 != boundary } + [boundary]
            let pack = try await scratch.pack(objects: some)
            let quarantine = try Quarantine(repository: scratch.server)
            _ = try await quarantine.append(pack)
            _ = try await quarantine.finish()
            #expect(try await quarantine.missingObject(reachableFrom: [tip]) == scratch.id("main~2"))
            #expect(try await quarantine.missingObject(reachableFrom: [tip], shallow: [boundary]) == nil)
            #expect(try await quarantine.missingObject(reachableFrom: [tip], shallow: [tip]) == nil)
            #expect(try await quarantine.missingObject(reachableFrom: [boundary], shallow: [tip]) != nil)
            try await quarantine.discard()
        }
    }

    @Test func `a large push on top of old history is complete, or what it lacks is named`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                for d in 1 2 3; do mkdir -p d$d/e; for f in 1 2 3 4; do echo $d $f > d$d/e/$f; done; done
                git add .; git commit -qm old
                { for i in $(seq 1 600); do
                    echo "commit refs/heads/main"; echo "committer A <a@b> $i +0000"; echo "data 1"; echo x
                    [ $i != 1 ] || echo "from refs/heads/main^0"
                    echo "M 100644 inline d1/e/$((i % 4))"; echo "data 4"; printf '%04d\\n' $i
                done; } | git fast-import --quiet --force
                """)
            try await scratch.push("main~600", as: "refs/heads/main")
            let tip = try await scratch.id("main")
            let new = try await scratch.objects("main ^main~600")
            #expect(new.count > 1000)
            let references = try await [scratch.id("main~600")]
            for absent in try await [
                nil, scratch.id("main~300"), scratch.id("main~300^{tree}"), scratch.id("main:d1/e/1"),
            ] {
                let pack = try await scratch.pack(objects: new.filter { $0 != absent })
                let quarantine = try Quarantine(repository: scratch.server)
                _ = try await quarantine.append(pack)
                _ = try await quarantine.finish()
                #expect(try await quarantine.missingObject(reachableFrom: [tip]) == absent)
                #expect(try await quarantine.missingObject(reachableFrom: [tip], references: references) == absent)
                // Without references nothing old is known to be complete, but all of it is there.
                #expect(try await quarantine.missingObject(reachableFrom: [tip], references: []) == absent)
                try await quarantine.discard()
            }
        }
    }
}

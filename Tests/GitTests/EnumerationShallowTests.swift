import Git
import GitWire
import Testing

/// What shallow clients get, compared with what `git` itself gives them.
@Suite struct EnumerationShallowTests {
    private static let history = """
        for i in 1 2 3 4; do seq $i 300 > f; echo $i > g$i; git add .; git commit -qm $i; done
        git checkout -qb side HEAD~2; echo s > s; git add .; git commit -qm s
        git checkout -q main; git merge -q -m merge side
        for i in 6 7; do seq $i 300 > f; git add .; git commit -qm $i; done
        """

    @Test(arguments: 1...6) func `a clone of limited depth ends at its boundary`(depth: Int) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let clone = try await scratch.clone(depth: depth)
            var request = FetchRequest()
            request.wants = [try await scratch.id("main")]
            request.boundary = clone.shallow
            let pack = try await scratch.answer(request)
            _ = try await shell("git init -q --bare peer.git; cp depth.git/shallow peer.git/ || true", in: scratch.path)
            let fetch = try await scratch.store(pack, in: "peer.git", tips: request.wants)
            #expect(fetch.sent == clone.objects)
        }
    }

    @Test(arguments: [(1, 2), (1, 4), (2, 3), (1, 99), (3, 99), (3, 1)])
    func `a client that changes its depth gets what is between`(from: Int, to: Int) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let deep = try await scratch.clone(depth: to)
            let now = try await scratch.clone(depth: from)
            var request = FetchRequest()
            request.wants = [try await scratch.id("main")]
            (request.common, request.clientShallow) = (request.wants, now.shallow)
            request.boundary = deep.shallow
            request.unshallowed = now.shallow.filter {
                !deep.shallow.contains($0) && deep.objects.contains($0.description)
            }
            for thin in [false, true] {
                (request.isThin, request.allowsOffsetDeltas) = (thin, thin)
                let pack = try await scratch.answer(request)
                let shallow = deep.shallow.map { "\($0)\n" }.joined()
                let script = """
                    rm -rf peer.git; cp -r depth.git peer.git
                    cat > peer.git/shallow; [ -s peer.git/shallow ] || rm peer.git/shallow
                    """
                _ = try await shell(script, in: scratch.path, input: Array(shallow.utf8))
                let sent = try await scratch.store(pack, in: "peer.git", tips: request.wants).sent
                #expect(sent == deep.objects.subtracting(now.objects))
            }
        }
    }

    @Test func `a shallow client gets what is new, and what it lacks of other branches`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let clone = try await scratch.clone(depth: 2)
            let tip = try await scratch.id("main")
            try await scratch.client(
                """
                echo 8 > f; git commit -qam 8
                git checkout -qb old main~5; echo old > old; git add .; git commit -qm old
                """)
            let wants = try await [scratch.id("main"), scratch.id("old")]
            var request = FetchRequest()
            (request.wants, request.common, request.clientShallow) = (wants, [tip], clone.shallow)
            let pack = try await scratch.answer(request)
            let fetch = try await scratch.store(pack, in: "depth.git", tips: wants)
            #expect(try await scratch.reached("main~1..main").isSubset(of: fetch.sent))
            #expect(try await scratch.reached("refs/heads/old").subtracting(clone.objects).isSubset(of: fetch.sent))
        }
    }
}

extension Scratch {
    /// Has git make the clone `depth.git`; returns where it is cut off and what it has.
    fileprivate func clone(depth: Int) async throws -> (shallow: [ObjectID], objects: Set<String>) {
        let text = try await shell(
            """
            rm -rf depth.git; git clone -q --bare --depth \(depth) --single-branch -b main file://$PWD/client depth.git
            cat depth.git/shallow 2> /dev/null || true; echo --
            git -C depth.git cat-file --batch-all-objects --batch-check='%(objectname)'
            """, in: path
        ).text
        let lines = text.split(separator: "\n").map(String.init)
        let end = lines.firstIndex(of: "--") ?? 0
        return (lines[..<end].compactMap { ObjectID($0) }, Set(lines[(end + 1)...]))
    }
}

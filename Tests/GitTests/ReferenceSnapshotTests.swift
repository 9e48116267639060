import Git
import GitWire
import Testing

/// What clients are told of a repository's references is what they are at that moment, whoever changed them.
@Suite struct ReferenceSnapshotTests {
    private static func names(_ scratch: Scratch) async throws -> [String] {
        try await ReferenceSnapshot.current(of: scratch.server).references.map { "\($0.target.short) \($0.name)" }
    }

    @Test func `a change by another process shows at once, however soon after`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("echo 1 > a; git add .; git commit -qm one")
            try await scratch.push("main", as: "refs/heads/main")
            let id = try await scratch.id("main")
            for number in 0..<20 {
                _ = try await shell("git update-ref refs/heads/n\(number) \(id)", in: scratch.server)
                #expect(try await Self.names(scratch).count == number + 2)
            }
            _ = try await shell("git pack-refs --all", in: scratch.server)
            #expect(try await Self.names(scratch).count == 21)
            _ = try await shell("git update-ref -d refs/heads/n7", in: scratch.server)
            #expect(try await !Self.names(scratch).contains("\(id.short) refs/heads/n7"))
            #expect(try await Self.names(scratch).count == 20)
        }
    }

    @Test func `what did not change is not read again`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("echo 1 > a; git add .; git commit -qm one")
            try await scratch.push("main", as: "refs/heads/main")
            // Files that were changed this moment are not trusted to be unchanged, but soon they are.
            var isSame = false
            for _ in 0..<10_000 where !isSame {
                let first = try await ReferenceSnapshot.current(of: scratch.server)
                isSame = try await ReferenceSnapshot.current(of: scratch.server) === first
            }
            #expect(isSame)
            let before = try await ReferenceSnapshot.current(of: scratch.server)
            _ = try await shell("git update-ref refs/heads/new refs/heads/main", in: scratch.server)
            #expect(try await ReferenceSnapshot.current(of: scratch.server) !== before)
        }
    }

    @Test func `tags are peeled, symbolic references followed, and what leads nowhere is left out`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("echo 1 > a; git add .; git commit -qm one")
            try await scratch.push("main", as: "refs/heads/main")
            let id = try await scratch.id("main")
            _ = try await shell(
                """
                git tag -a -m 1 outer refs/heads/main; git tag -a -f -m 2 v1 outer; git tag light refs/heads/main
                git symbolic-ref refs/heads/alias refs/heads/main; git symbolic-ref refs/heads/broken refs/heads/none
                git update-ref refs/martlet/builds/1 refs/heads/main
                echo 1234567890123456789012345678901234567890 > refs/heads/dangling; echo rubbish > refs/heads/rubbish
                """, in: scratch.server)
            for script in [":", "git pack-refs --all"] {
                _ = try await shell(script, in: scratch.server)
                let snapshot = try await ReferenceSnapshot.current(of: scratch.server)
                let names = snapshot.references.map(\.name.text)
                #expect(
                    names == [
                        "refs/heads/alias", "refs/heads/main", "refs/tags/light", "refs/tags/outer", "refs/tags/v1",
                    ])
                #expect(snapshot.references.map(\.peeled) == [nil, nil, nil, id, id])
                #expect(snapshot.references[0].symbolicTarget == ReferenceName("refs/heads/main"))
                #expect(snapshot.references[0].target == id)
                #expect(snapshot.headBranch == ReferenceName("refs/heads/main"))
                #expect(snapshot.headTarget == id)
                #expect(snapshot.aliases[try #require(ReferenceName("refs/heads/broken"))]?.text == "refs/heads/none")
            }
        }
    }

    @Test func `an empty repository has a branch to come`() async throws {
        try await Scratch.with { scratch in
            let snapshot = try await ReferenceSnapshot.current(of: scratch.server)
            #expect(snapshot.references == [])
            #expect(snapshot.headBranch == ReferenceName("refs/heads/main"))
            #expect(snapshot.headTarget == nil)
            await #expect(throws: GitError.self) { try await ReferenceSnapshot.current(of: scratch.client) }
        }
    }
}

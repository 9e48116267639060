import Git
import GitWire
import Testing

@Suite struct RevisionTests {
    @Test func `a commit is found by branch, tag and digits, not by a hidden reference`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                git commit -q --allow-empty -m one; git tag -am v1 v1; git branch feature/x
                git commit -q --allow-empty -m two; git push -q ../server.git main feature/x v1
                git --git-dir ../server.git update-ref refs/martlet/hidden $(git rev-parse main)
                """)
            let (one, two) = try await (scratch.id("main~1"), scratch.id("main"))
            let tree = try await scratch.id("main^{tree}").description
            try await Repository.withRepository(at: scratch.server) { repository in
                let find = { (text: String) throws -> ObjectID? in try repository.commit(named: text) }
                for text in ["feature/x", "v1", one.description, one.short, String(one.description.prefix(20))] {
                    #expect(try find(text) == one, "\(text)")
                }
                let tip = try find("main")
                #expect(tip == two)
                let hidden = ["hidden", "martlet/hidden", "refs/martlet/hidden"]
                let none = ["HEAD", "", "..", "main~1", String(repeating: "0", count: 40), tree]
                for text in hidden + none + [String(two.description.prefix(6))] {
                    #expect(try find(text) == nil, "\(text)")
                }
            }
        }
    }

    @Test func `the distance of two commits is how many each has that the other has not`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                for text in one two three; do git commit -q --allow-empty -m $text; done
                git checkout -q -b side main~2; git commit -q --allow-empty -m side
                git push -q ../server.git main side
                """)
            let (main, side) = try await (scratch.id("main"), scratch.id("side"))
            try await Repository.withRepository(at: scratch.server) { repository in
                let distance = try repository.distance(from: side, to: main)
                #expect(distance == (ahead: 2, behind: 1))
                let none = try repository.distance(from: main, to: main)
                #expect(none == (ahead: 0, behind: 0))
                #expect(throws: GitError.self) { _ = try repository.distance(from: .zero, to: main) }
            }
        }
    }
}

import GitWire
import Testing

@testable import Git

@Suite struct FetchHistoryTests {
    /// A repository with `main` (a, b, c, in a line), `side` (d above a), `island` (e, alone), and an annotated tag
    /// `v1` of b.
    private func withHistory(_ body: (FetchHistory, [Character: ObjectID]) async throws -> Void) async throws {
        try await Scratch.with { scratch in
            let ids = try await scratch.client(
                """
                tree=$(git mktree < /dev/null); a=$(git commit-tree -m a $tree); b=$(git commit-tree -m b -p $a $tree)
                c=$(git commit-tree -m c -p $b $tree); d=$(git commit-tree -m d -p $a $tree)
                e=$(git commit-tree -m e $tree)
                git update-ref refs/heads/main $c; git update-ref refs/heads/side $d
                git update-ref refs/heads/island $e
                git tag -a -m v1 v1 $b; git rev-parse $a $b $c $d $e v1 $tree
                """
            ).split(separator: "\n").compactMap { ObjectID($0) }
            let commits = Dictionary(uniqueKeysWithValues: zip("abcdevt", ids))
            try await body(FetchHistory(repository: "\(scratch.client)/.git"), commits)
        }
    }

    @Test func `enough is common once each want reaches something common`() async throws {
        try await withHistory { history, id in
            let (a, b, c, d, e) = try (id.at("a"), id.at("b"), id.at("c"), id.at("d"), id.at("e"))
            let lost = try #require(ObjectID(String(repeating: "1", count: 40)))
            let known = try await history.knows([a, lost, id.at("t"), id.at("v")])
            #expect(known == [true, false, false, true])
            let before = try await history.canGiveUp(wants: [c])
            try await history.add(common: [a])
            let after = try await history.canGiveUp(wants: [c, d, id.at("v"), id.at("t")])
            #expect(!before && after)
            await history.forgetCommon()
            try await history.add(common: [b])
            // The parent of what the client has is something it has.
            let withSide = try await history.canGiveUp(wants: [c, d])
            #expect(withSide)
            await history.forgetCommon()
            try await history.add(common: [c, c])
            let withIsland = try await history.canGiveUp(wants: [c, e])
            #expect(!withIsland)
            #expect(await history.commonCommits == [c])
        }
    }

    @Test func `only what the tips reach may be wanted`() async throws {
        try await withHistory { history, id in
            let (a, b, c, d, v) = try (id.at("a"), id.at("b"), id.at("c"), id.at("d"), id.at("v"))
            let reached = try await history.firstUnreachable([a, b, v], from: [c, v])
            #expect(reached == nil)
            #expect(try await history.firstUnreachable([a, d, b], from: [c]) == d)
            #expect(try await history.firstUnreachable([v], from: [c]) == v)
            let tree = try id.at("t")
            #expect(try await history.firstUnreachable([tree], from: [c]) == tree)
        }
    }

    @Test func `a history is cut off where it is asked to be`() async throws {
        try await withHistory { history, id in
            let (a, b, c, d) = try (id.at("a"), id.at("b"), id.at("c"), id.at("d"))
            let one = try await history.deepen(
                .depth(2, isRelative: false), wants: [c, d], excluded: [], client: [c], tips: [])
            #expect(Set(one.boundary) == [a, b] && one.unshallowed == [c] && one.client == [c])
            let more = try await history.deepen(
                .depth(1, isRelative: true), wants: [c], excluded: [], client: [b, d], tips: [c])
            #expect(more.boundary == [a] && more.unshallowed == [b] && Set(more.client) == [b, d])
            let all = try await history.deepen(
                .depth(UploadPackRequest.Deepening.infiniteDepth, isRelative: false), wants: [c], excluded: [],
                client: [c, .zero], tips: [])
            #expect(all.boundary == [] && all.unshallowed == [c])
            let without = try await history.deepen(
                .revisions(since: nil, excluding: ["x"]), wants: [c], excluded: [d], client: [], tips: [])
            #expect(without.boundary == [b])
            await #expect(throws: WireError.nothingSelected) {
                try await history.deepen(
                    .revisions(since: .max, excluding: []), wants: [c], excluded: [], client: [], tips: [])
            }
        }
    }

    @Test func `what is cancelled stops`() async throws {
        try await withHistory { history, id in
            let c = try id.at("c")
            history.cancel()
            await #expect(throws: GitError.self) { try await history.add(common: [c]) }
        }
    }
}

extension [Character: ObjectID] {
    fileprivate func at(_ name: Character) throws -> ObjectID { try #require(self[name]) }
}

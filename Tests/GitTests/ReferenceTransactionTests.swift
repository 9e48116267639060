import Git
import GitWire
import Testing
import Threads

/// References change only as the client expected them to be, each on its own or all together.
@Suite struct ReferenceTransactionTests {
    /// A server with two commits, "one" and "two", kept by `refs/martlet/two`.
    private struct Commits {
        let one: ObjectID
        let two: ObjectID
        let scratch: Scratch

        static func with(_ body: (Commits) async throws -> Void) async throws {
            try await Scratch.with { scratch in
                try await scratch.client(
                    """
                    echo 1 > a; git add .; git commit -qm one; echo 2 > a; git commit -qam two
                    """)
                try await scratch.push("main", as: "refs/martlet/two")
                try await body(Commits(one: scratch.id("main~1"), two: scratch.id("main"), scratch: scratch))
            }
        }

        func create(_ name: String, _ id: ObjectID? = nil) throws -> ReferenceUpdate {
            try update(name, .zero, id ?? one)
        }

        func update(_ name: String, _ old: ObjectID, _ new: ObjectID) throws -> ReferenceUpdate {
            ReferenceUpdate(name: try #require(ReferenceName("refs/heads/\(name)")), old: old, new: new)
        }

        func delete(_ name: String, _ old: ObjectID? = nil) throws -> ReferenceUpdate {
            try update(name, old ?? one, .zero)
        }

        /// The branches as git sees them.
        func branches() async throws -> [String] {
            let script = "git for-each-ref --format='%(refname:lstrip=2) %(subject)' refs/heads"
            return try await shell(script, in: scratch.server).text.split(separator: "\n").map(String.init)
        }

        func packReferences() async throws { _ = try await shell("git pack-refs --all", in: scratch.server) }

        /// The lock files in the repository.
        func locks() async throws -> [String] { try await scratch.files(".").filter { $0.hasSuffix(".lock") } }
    }

    @Test(arguments: [false, true])
    func `a reference is created, moved and deleted, loose or packed`(isPacked: Bool) async throws {
        try await Commits.with { commits in
            let step = { (update: ReferenceUpdate) async throws -> Void in
                #expect(try await commits.scratch.apply([update], atomic: isPacked) == [.ok])
                if isPacked { try await commits.packReferences() }
            }
            try await step(commits.create("a/b"))
            #expect(try await commits.branches() == ["a/b one"])
            try await step(commits.update("a/b", commits.one, commits.two))
            #expect(try await commits.branches() == ["a/b two"])
            try await step(commits.update("a/b", commits.two, commits.two))
            try await step(commits.delete("a/b", commits.two))
            #expect(try await commits.branches() == [])
            #expect(try await commits.scratch.files("refs/heads") == [])
            try await step(commits.create("a"))
            #expect(try await commits.branches() == ["a one"])
            #expect(try await commits.locks() == [])
        }
    }

    @Test func `a client that is wrong about the old value is refused in git's words`() async throws {
        try await Commits.with { commits in
            _ = try await commits.scratch.apply([commits.create("main")])
            let cases: [(ReferenceUpdate, String)] = try [
                (commits.create("main"), "reference already exists"),
                (commits.update("main", commits.two, commits.one), "incorrect old value provided"),
                (commits.update("none", commits.two, commits.one), "reference does not exist"),
                (commits.delete("main", commits.two), "incorrect old value provided"),
                (commits.delete("main", .zero), "incorrect old value provided"),
                (commits.delete("none", commits.two), "reference does not exist"),
            ]
            for (update, reason) in cases {
                #expect(try await commits.scratch.apply([update]) == [.failed(reason: reason)])
            }
            #expect(try await commits.branches() == ["main one"])
            #expect(try await commits.scratch.files("refs/heads") == ["refs/heads/main"])
        }
    }

    @Test func `deleting what is not there is ok with a warning`() async throws {
        try await Commits.with { commits in
            let unknown = try #require(ObjectID(String(repeating: "1", count: 40)))
            let updates = try [commits.delete("none", .zero), commits.delete("no/thing", unknown)]
            for atomic in [false, true] {
                #expect(try await commits.scratch.apply(updates, atomic: atomic) == [.alreadyAbsent, .alreadyAbsent])
            }
        }
    }

    @Test func `a branch points to a commit, and every reference to an object that is there`() async throws {
        try await Commits.with { commits in
            let tree = try await commits.scratch.id("main^{tree}")
            let unknown = try #require(ObjectID(String(repeating: "1", count: 40)))
            let tag = ReferenceUpdate(name: try #require(ReferenceName("refs/tags/tree")), old: .zero, new: tree)
            let results = try await commits.scratch.apply([
                commits.create("tree", tree), commits.create("none", unknown), tag,
            ])
            #expect(results == [.failed(reason: "invalid new value provided"), .failed(reason: "bad pack"), .ok])
        }
    }

    @Test(arguments: [false, true])
    func `a name that is a folder of another conflicts with it`(isPacked: Bool) async throws {
        try await Commits.with { commits in
            _ = try await commits.scratch.apply([commits.create("a"), commits.create("x/y/z")])
            if isPacked { try await commits.packReferences() }
            let conflict = ReferenceUpdateResult.failed(reason: "refname conflict")
            for name in ["a/b", "a/b/c", "x", "x/y", "x/y/z/1"] {
                #expect(try await commits.scratch.apply([commits.create(name)]) == [conflict])
            }
            #expect(try await commits.scratch.apply([commits.create("ab"), commits.create("x/yz")]) == [.ok, .ok])
            #expect(try await commits.branches() == ["a one", "ab one", "x/y/z one", "x/yz one"])
        }
    }

    @Test func `conflicts within one push are found, and deletions go first`() async throws {
        try await Commits.with { (commits: Commits) async throws in
            let conflict = ReferenceUpdateResult.failed(reason: "refname conflict")
            let scratch = commits.scratch
            #expect(try await scratch.apply([commits.create("a"), commits.create("a/b")]) == [.ok, conflict])
            #expect(try await scratch.apply([commits.create("a/b"), commits.delete("a")]) == [.ok, .ok])
            #expect(try await commits.branches() == ["a/b one"])
            let failed = ReferenceUpdateResult.failed(reason: "atomic transaction failed")
            #expect(
                try await scratch.apply([commits.create("c"), commits.create("c/d")], atomic: true)
                    == [failed, failed])
            #expect(
                try await scratch.apply([commits.create("a"), commits.delete("a/b")], atomic: true)
                    == [failed, failed])
            #expect(try await commits.branches() == ["a/b one"])
            let twice = ReferenceUpdateResult.failed(reason: "multiple updates for ref not allowed")
            #expect(
                try await scratch.apply([commits.create("e"), commits.create("e"), commits.create("f")])
                    == [twice, twice, .ok])
        }
    }

    @Test func `an atomic push changes all or nothing`() async throws {
        try await Commits.with { commits in
            let scratch = commits.scratch
            #expect(try await scratch.apply([commits.create("a"), commits.create("b")], atomic: true) == [.ok, .ok])
            let unknown = try #require(ObjectID(String(repeating: "1", count: 40)))
            let stale = try [
                commits.update("a", commits.one, commits.two), commits.update("b", commits.two, commits.one),
            ]
            let failed = ReferenceUpdateResult.failed(reason: "atomic transaction failed")
            #expect(try await scratch.apply(stale, atomic: true) == [failed, failed])
            let bad = try [commits.update("a", commits.one, commits.two), commits.create("c", unknown)]
            #expect(
                try await scratch.apply(bad, atomic: true)
                    == [.failed(reason: "atomic push failure"), .failed(reason: "bad pack")])
            #expect(try await commits.branches() == ["a one", "b one"])
            try await commits.packReferences()
            let good = try [
                commits.delete("b"), commits.update("a", commits.one, commits.two), commits.create("c/d"),
            ]
            #expect(try await scratch.apply(good, atomic: true) == [.ok, .ok, .ok])
            #expect(try await commits.branches() == ["a two", "c/d one"])
            #expect(try await commits.locks() == [])
        }
    }

    @Test func `an atomic push that fails halfway is taken back`() async throws {
        try await Commits.with { commits in
            let scratch = commits.scratch
            _ = try await scratch.apply([commits.create("a"), commits.create("d"), commits.create("p")])
            // A file that is no reference, in a folder where one shall be: the last rename fails.
            _ = try await shell("mkdir refs/heads/z; touch refs/heads/z/junk", in: scratch.server)
            let failed = ReferenceUpdateResult.failed(reason: "atomic transaction failed")
            let updates = try [
                commits.update("a", commits.one, commits.two), commits.create("b/c"), commits.delete("d"),
                commits.create("z"),
            ]
            #expect(try await scratch.apply(updates, atomic: true) == [failed, failed, failed, failed])
            #expect(try await commits.branches() == ["a one", "d one", "p one"])
            #expect(try await commits.locks() == [])
        }
    }

    @Test func `one of many racing clients wins`() async throws {
        try await Commits.with { commits in
            let update = try commits.create("main")
            let move = try commits.update("main", commits.one, commits.two)
            for update in [update, move] {
                let results = try await withThrowingTaskGroup { group in
                    for _ in 0..<8 { group.addTask { try await commits.scratch.apply([update])[0] } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.filter { $0 == .ok }.count == 1)
            }
            #expect(try await commits.branches() == ["main two"])
        }
    }

    @Test func `clients that change different references do not disturb each other`() async throws {
        try await Commits.with { commits in
            let results = try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    let updates = try (0..<4).map { try commits.create("n\(number)/\($0)") }
                    group.addTask { try await commits.scratch.apply(updates, atomic: number % 2 == 0) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(results == Array(repeating: .ok, count: 32))
            #expect(try await commits.branches().count == 32)
            try await commits.packReferences()
            let deletions = try (0..<8).flatMap { number in try (0..<4).map { try commits.delete("n\(number)/\($0)") } }
            #expect(try await commits.scratch.apply(deletions).allSatisfy(\.isOK))
            #expect(try await commits.branches() == [])
        }
    }

    @Test func `another process's lock is waited for, but not for ever`() async throws {
        try await Commits.with { commits in
            let scratch = commits.scratch
            _ = try await shell("touch refs/heads/main.lock", in: scratch.server)
            #expect(try await scratch.apply([commits.create("main")]) == [.failed(reason: "failed to update ref")])
            _ = try await shell("(sleep 0.2; rm refs/heads/main.lock) >/dev/null 2>&1 &", in: scratch.server)
            #expect(try await scratch.apply([commits.create("main")]) == [.ok])
        }
    }

    @Test func `a symbolic reference is not changed by a push`() async throws {
        try await Commits.with { commits in
            _ = try await commits.scratch.apply([commits.create("main")])
            _ = try await shell("git symbolic-ref refs/heads/alias refs/heads/main", in: commits.scratch.server)
            let update = try commits.update("alias", commits.one, commits.two)
            #expect(try await commits.scratch.apply([update]) == [.failed(reason: "failed to update ref")])
            #expect(try await commits.branches() == ["alias one", "main one"])
        }
    }

    @Test func `many references are written at once, each as the client expected it`() async throws {
        try await Commits.with { commits in
            _ = try await commits.scratch.apply([commits.create("n1"), commits.create("n2"), commits.create("n3/x")])
            try await commits.packReferences()
            _ = try await commits.scratch.apply([commits.create("loose")])
            var updates = try (10..<60).map { try commits.create("n\($0)") }
            updates += try [
                commits.update("n1", commits.one, commits.two), commits.update("n2", commits.two, commits.one),
                commits.update("loose", commits.one, commits.two), commits.create("n3"), commits.delete("n3/x"),
                commits.create("n10/x"),
            ]
            let results = try await commits.scratch.apply(updates)
            #expect(results.prefix(50).allSatisfy { $0 == .ok })
            #expect(
                results.suffix(6) == [
                    .ok, .failed(reason: "incorrect old value provided"), .ok, .ok, .ok,
                    .failed(reason: "refname conflict"),
                ])
            let branches = try await commits.branches()
            #expect(branches.count == 54)
            #expect(Set(branches).isSuperset(of: ["n1 two", "n2 one", "loose two", "n3 one", "n59 one"]))
            let files = try await commits.scratch.files("refs")
            #expect(!files.contains("refs/heads/loose"), "a loose file would hide the packed value")
            #expect(try await commits.locks() == [])
        }
    }

    @Test func `of many references in an atomic push, one that is stale stops all`() async throws {
        try await Commits.with { commits in
            _ = try await commits.scratch.apply([commits.create("n1")])
            var updates = try (10..<60).map { try commits.create("n\($0)") }
            updates.append(try commits.update("n1", commits.two, commits.one))
            let results = try await commits.scratch.apply(updates, atomic: true)
            #expect(results.allSatisfy { $0 == .failed(reason: "atomic transaction failed") })
            #expect(try await commits.branches() == ["n1 one"])
            updates[50] = try commits.update("n1", commits.one, commits.two)
            #expect(try await commits.scratch.apply(updates, atomic: true).allSatisfy { $0 == .ok })
            #expect(try await commits.branches().count == 51)
            let deletions = try (10..<60).map { try commits.delete("n\($0)") }
            #expect(try await commits.scratch.apply(deletions, atomic: true).allSatisfy { $0 == .ok })
            #expect(try await commits.branches() == ["n1 two"])
        }
    }

    @Test func `many loose references are packed, and say the same as before`() async throws {
        try await Commits.with { commits in
            for number in 0..<4 {
                _ = try await commits.scratch.apply((0..<20).map { try commits.create("f\(number)/n\($0)") })
            }
            _ = try await shell("git symbolic-ref refs/heads/alias refs/heads/f0/n0", in: commits.scratch.server)
            _ = try await shell("git tag -a -m t v1 refs/heads/f0/n0", in: commits.scratch.server)
            let before = try await shell("git for-each-ref; git show-ref -d", in: commits.scratch.server).text
            let server = commits.scratch.server
            let count = try await onOwnThread { () throws(GitError) in try Repository.packReferences(at: server) }
            #expect(count == 82)
            let after = try await shell("git for-each-ref; git show-ref -d", in: commits.scratch.server).text
            #expect(after == before)
            #expect(
                try await commits.scratch.files("refs") == [
                    "refs/heads", "refs/heads/alias", "refs/martlet", "refs/tags",
                ])
            let again = try await onOwnThread { () throws(GitError) in try Repository.packReferences(at: server) }
            #expect(again == 0)
            #expect(try await commits.locks() == [])
        }
    }
}

import Git
import GitWire
import Testing

/// Repositories on disk, as we make them and as git sees them.
@Suite struct RepositoryTests {
    @Test func `a new repository is empty, bare and what git expects`() async throws {
        try await Scratch.with { scratch in
            let head = try await Repository.withRepository(at: scratch.server) { repository in
                #expect(try repository.references() == [])
                return try repository.headBranch()
            }
            #expect(head == ReferenceName("refs/heads/main"))
            let script = "git fsck --full; git rev-parse --is-bare-repository; git symbolic-ref HEAD"
            #expect(try await shell(script, in: scratch.server).text.hasSuffix("true\nrefs/heads/main"))
            let server = scratch.server
            #expect(throws: GitError.self) { try Repository.create(at: server, defaultBranch: "main") }
            #expect(throws: GitError.self) { try Repository.create(at: server + "2", defaultBranch: "a b") }
            #expect(try await shell("ls", in: scratch.path).text == "client\nserver.git")
        }
    }

    @Test func `git can push into our repository, and we see it`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("git commit -qm one --allow-empty; git push -q ../server.git main main:z main:a/b")
            let tip = try await scratch.id("main")
            _ = try await shell("git pack-refs --all; git update-ref refs/martlet/x \(tip)", in: scratch.server)
            let names = try await Repository.withRepository(at: scratch.server) { repository in
                let references = try repository.references()
                #expect(references.allSatisfy { $0.target == tip })
                return references.map(\.name.text)
            }
            #expect(names == ["refs/heads/a/b", "refs/heads/main", "refs/heads/z", "refs/martlet/x"])
        }
    }

    @Test func `broken references are left out`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("git commit -qm one --allow-empty; git push -q ../server.git main")
            _ = try await shell(
                """
                echo 1111111111111111111111111111111111111111 > refs/heads/dangling
                echo rubbish > refs/heads/rubbish; : > refs/heads/empty
                echo 'ref: refs/heads/none' > refs/heads/symbolic
                """, in: scratch.server)
            let names = try await Repository.withRepository(at: scratch.server) { try $0.references().map(\.name.text) }
            #expect(names == ["refs/heads/main"])
        }
    }

    @Test func `formats that would be misread are refused`() async throws {
        try await Scratch.with { (scratch: Scratch) async throws in
            let server = scratch.server
            let works = { (script: String) async throws -> Bool in
                _ = try await shell(script, in: server)
                do {
                    return try await Repository.withRepository(at: server) { _ in true }
                } catch is GitError {
                    return false
                }
            }
            #expect(try await works("git config core.repositoryformatversion 1"))
            #expect(try await works("git config extensions.objectformat sha1"))
            #expect(try await !works("git config extensions.objectformat sha256"))
            #expect(try await !works("sed -i s,objectformat.*,x=y, config"))
            #expect(try await !works("sed -i -e s,x=y,, -e s,version.*,version=2, config"))
            #expect(try await !works("rm HEAD"))
        }
    }

    @Test func `history is read as git reads it`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                git commit -q --allow-empty -m 'Über-schrift
                second line

                body'; git commit -q --allow-empty -m two; git checkout -q -b side main~1
                git commit -q --allow-empty -m side; git tag -am tag v1 main; git tag -am tag v2 v1
                git tag blob $(echo x | git hash-object -w --stdin)
                git push -q ../server.git main side v1 v2 blob
                """)
            let (one, main, side) = try await (scratch.id("main~1"), scratch.id("main"), scratch.id("side"))
            let (tag, blob, tree) = try await (scratch.id("v2"), scratch.id("blob"), scratch.id("main^{tree}"))
            try await Repository.withRepository(at: scratch.server) { repository in
                let summary = try repository.commit(one)
                #expect(summary.subject == "Über-schrift" && summary.tree == tree && summary.time == 1_700_000_000)
                #expect(summary.authorName == "Alice" && summary.authorEmail == "alice@example.org")
                #expect(try repository.isAncestor(one, of: side) && repository.isAncestor(side, of: side))
                #expect(try !repository.isAncestor(main, of: side) && !repository.isAncestor(main, of: one))
                #expect(try repository.peelToCommit(tag) == main && repository.peelToCommit(one) == one)
                #expect(try repository.peelToCommit(blob) == nil && repository.peelToCommit(.zero) == nil)
                #expect(try repository.kind(of: tag) == .tag && repository.kind(of: blob) == .blob)
                #expect(try repository.kind(of: tree) == .tree && repository.kind(of: .zero) == nil)
                #expect(throws: GitError.self) { _ = try repository.commit(blob) }
                #expect(throws: GitError.self) { _ = try repository.isAncestor(.zero, of: main) }
                let name = try #require(ReferenceName("refs/heads/side"))
                #expect(try repository.target(of: name) == side)
                let none = try #require(ReferenceName("refs/heads/none"))
                #expect(try repository.target(of: none) == nil)
            }
        }
    }

    @Test func `HEAD names any branch, and nothing else`() async throws {
        try await Scratch.with { scratch in
            try await Repository.withRepository(at: scratch.server) { repository in
                let branch = try #require(ReferenceName("refs/heads/feature/x"))
                try repository.setHead(to: branch)
                #expect(try repository.headBranch() == branch)
                let tag = try #require(ReferenceName("refs/tags/x"))
                #expect(throws: GitError.self) { try repository.setHead(to: tag) }
            }
            #expect(try await shell("git symbolic-ref HEAD", in: scratch.server).text == "refs/heads/feature/x")
        }
    }

    @Test func `what a killed push left behind is removed, and nothing else`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("git commit -qm one --allow-empty; git push -q ../server.git main main:a/b")
            _ = try await shell("git repack -adq", in: scratch.server)
            let before = try await scratch.files(".")
            let stale = [
                "HEAD.lock", "config.lock", "objects/ab/tmp_obj_1a2b3c", "objects/incoming-0011223344556677",
                "objects/pack/pack_git2_a1B2c3", "objects/pack/tmp_pack_a1B2c3", "objects/tmp_objdir-incoming-a1B2c3",
                "packed-refs.lock", "refs/heads/a/b.lock", "refs/heads/main.lock", "refs/martlet/x/v1.lock",
            ]
            _ = try await shell(
                """
                mkdir -p objects/incoming-0011223344556677/pack objects/tmp_objdir-incoming-a1B2c3/ab objects/ab
                mkdir -p refs/martlet/x; touch objects/incoming-0011223344556677/pack/pack-1.idx
                for file in \(stale.joined(separator: " ")); do [ -d $file ] || touch $file; done
                """, in: scratch.server)
            let removed = try await Repository.withRepository(at: scratch.server) { try $0.removeStaleFiles() }
            #expect(removed == stale)
            let added = ["./objects/ab", "./refs/martlet", "./refs/martlet/x"]
            #expect(try await scratch.files(".") == (before + added).sorted())
            _ = try await shell("mkdir new.git.incomplete-1; touch new.git.incomplete-1/HEAD", in: scratch.path)
            #expect(try Repository.removeIncomplete(in: scratch.path) == [scratch.path + "/new.git.incomplete-1"])
        }
    }
}

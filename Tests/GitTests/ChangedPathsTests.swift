import Git
import GitWire
import Testing

/// What differs between two commits.
@Suite struct ChangedPathsTests {
    @Test func `new, changed and removed files are told, and so is each one of a folder`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                mkdir -p a/b/c same; echo 1 >a/b/c/one; echo 2 >a/two; echo 3 >same/three; echo 4 >four; echo 5 >five
                git add .; git commit -qm one; git branch first
                echo x >>a/b/c/one; git rm -qr four; git mv five six; chmod +x a/two; mkdir -p new/folder
                echo 7 >new/folder/seven; echo 8 >'new/ä'; git add .; git commit -qm two
                """)
            try await scratch.push("main", as: "refs/heads/main")
            #expect(
                try await changes(scratch, "first", "main") == [
                    "a/b/c/one", "a/two", "five", "four", "new/folder/seven", "new/ä", "six",
                ])
            #expect(try await changes(scratch, "main", "main") == [])
            #expect(
                try await changes(scratch, nil, "first") == ["a/b/c/one", "a/two", "five", "four", "same/three"])
        }
    }

    @Test func `a file that becomes a folder, and a submodule, are told`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                echo 1 >thing; echo 2 >other; git add .; git commit -qm one; git branch first
                rm thing; mkdir thing; echo 1 >thing/inner
                git add -A; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),module; git commit -qm two
                """)
            try await scratch.push("main", as: "refs/heads/main")
            #expect(try await changes(scratch, "first", "main") == ["module", "thing", "thing/inner"])
        }
    }

    @Test func `git diff says the same`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                for i in $(seq 1 40); do mkdir -p d$((i % 7))/e$((i % 3)); echo $i >d$((i % 7))/e$((i % 3))/f$i; done
                git add .; git commit -qm one; git branch first
                for i in $(seq 3 5 40); do echo more >>d$((i % 7))/e$((i % 3))/f$i; done
                git mv d1 d9; git rm -qrf d2; git add .; git commit -qm two
                """)
            try await scratch.push("main", as: "refs/heads/main")
            let names = try await scratch.client("git diff --no-renames --name-only first main | LC_ALL=C sort")
            #expect(try await changes(scratch, "first", "main") == names.split(separator: "\n").map(String.init))
        }
    }

    @Test func `more paths than the limit are none at all`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("for i in 1 2 3; do echo $i >f$i; done; git add .; git commit -qm one")
            try await scratch.push("main", as: "refs/heads/main")
            #expect(try await changes(scratch, nil, "main", limit: 3)?.count == 3)
            #expect(try await changes(scratch, nil, "main", limit: 2) == nil)
        }
    }

    @Test func `a commit that is missing is an error`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("echo 1 >f; git add .; git commit -qm one")
            try await scratch.push("main", as: "refs/heads/main")
            let (server, tip) = (scratch.server, try await scratch.id("main"))
            await #expect(throws: GitError.self) {
                try await Repository.withRepository(at: server) { repository in
                    try repository.changedPaths(from: .zero, to: tip, limit: 10)
                }
            }
        }
    }

    private func changes(_ scratch: Scratch, _ old: String?, _ new: String, limit: Int = 100) async throws -> [String]?
    {
        let before: ObjectID? = if let old { try await scratch.id(old) } else { nil }
        let after = try await scratch.id(new)
        return try await Repository.withRepository(at: scratch.server) { repository in
            try repository.changedPaths(from: before, to: after, limit: limit)
        }
    }
}

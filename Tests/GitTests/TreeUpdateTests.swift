import Git
import GitWire
import Testing

/// A folder that holds one commit's files is made to hold another's.
@Suite struct TreeUpdateTests {
    /// Two commits with every way in which something can become something else.
    private static let changes = """
        mkdir -p same/deep gone/deep grows/a shrinks/a 'with space'; echo same > same/deep/file; echo x > gone/deep/file
        echo old > changed; echo run > run; echo 1 > file-to-folder; mkdir folder-to-file; echo 2 > folder-to-file/x
        ln -s same link-to-folder; ln -s changed link-to-file; echo 3 > file-to-link; ln -s one other-target
        mkdir folder-to-link; echo 4 > folder-to-link/x; echo 5 > grows/a/one; echo 6 > shrinks/a/one
        echo 7 > shrinks/a/two; echo 8 > "$(printf 'with space/odd\\377')"; ln -s same same-link; echo 9 > same.txt
        git add -A; git commit -qm one; git branch first
        rm -r gone folder-to-file link-to-folder folder-to-link file-to-folder shrinks/a/two 'with space' file-to-link
        rm link-to-file other-target; echo new > changed; chmod +x run; mkdir file-to-folder; echo 1 > file-to-folder/x
        echo 2 > folder-to-file; mkdir link-to-folder; echo 3 > link-to-folder/pwned; echo 4 > link-to-file
        ln -s same file-to-link; ln -s same folder-to-link; ln -s two other-target; echo 5 > grows/a/two
        mkdir -p new/deep; echo 6 > new/deep/file; git add -A; git commit -qm two
        """

    @Test func `an update makes what an export makes, there and back`() async throws {
        try await Scratch.with { scratch in
            try await prepare(scratch)
            try await scratch.export("first", to: "kept")
            for (old, new) in [("first", "main"), ("main", "main"), ("main", "first")] {
                let update = try await scratch.update("kept", from: old, to: new)
                let export = try await scratch.export(new, to: "\(old)-\(new)")
                #expect(update == export)
                #expect(try await scratch.difference("kept", "\(old)-\(new)") == "")
            }
        }
    }

    @Test func `what is the same stays, and what is not is never written to`() async throws {
        try await Scratch.with { scratch in
            try await prepare(scratch)
            try await scratch.export("first", to: "kept")
            let same = "stat -c %i kept/same.txt kept/same/deep/file kept/same-link kept/grows/a/one"
            let before = try await shell("ln kept/changed outside; \(same)", in: scratch.path).text
            _ = try await scratch.update("kept", from: "first", to: "main")
            #expect(try await shell(same, in: scratch.path).text == before)
            #expect(try await shell("cat outside kept/changed", in: scratch.path).text == "old\nnew")
        }
    }

    @Test(arguments: [
        "t=$(stat -c %y same.txt); echo 0 > same.txt; touch -d \"$t\" same.txt", "chmod 600 same.txt",
        "chmod 777 same", "rm same.txt", "rm -r same",
        "echo x > extra; mkdir -p same/extra/deep; echo x > same/extra/deep/x",
        "mv same moved; ln -s moved same", "mv same ..; ln -s ../same same", "rm same-link; ln -s /etc same-link",
        "ln same.txt ../hard", "rm -r grows; echo 1 > grows", "rm run; mkfifo run",
    ])
    func `what somebody has touched is put right`(tampering: String) async throws {
        try await Scratch.with { scratch in
            try await prepare(scratch)
            try await scratch.export("first", to: "kept")
            let time = try await scratch.now()
            _ = try await shell("cd kept; \(tampering)", in: scratch.path)
            _ = try await scratch.update("kept", from: "first", at: time, to: "main")
            try await scratch.export("main", to: "new")
            #expect(try await scratch.difference("kept", "new") == "")
            let outside = "if [ -e same ]; then find same -type f; cat same/deep/file; fi"
            #expect(["", "same/deep/file\nsame"].contains(try await shell(outside, in: scratch.path).text))
        }
    }

    @Test func `submodules and new pointers are reported`() async throws {
        try await Scratch.with { scratch in
            let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
            try await scratch.client(
                """
                mkdir sub; echo 1 > sub/file; git add .; git commit -qm one; git branch first
                git rm -rq sub; cat > video.mp4; git add video.mp4
                git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub
                git commit -qm two
                """, input: Array(pointer.utf8))
            try await scratch.push("main", as: "refs/heads/main")
            try await scratch.export("first", to: "kept")
            let update = try await scratch.update("kept", from: "first", to: "main")
            #expect(update.submodules == ["sub"] && update.lfsPointers == ["video.mp4"])
            try await scratch.export("main", to: "new")
            #expect(try await scratch.difference("kept", "new") == "")
        }
    }

    @Test func `limits hold for all of it, and both commits must be there`() async throws {
        try await Scratch.with { scratch in
            try await prepare(scratch)
            let whole = try await scratch.export("first", to: "kept")
            _ = try await scratch.update("kept", from: "first", to: "first", bytes: whole.bytes)
            await #expect(throws: GitError.self) {
                _ = try await scratch.update("kept", from: "first", to: "first", bytes: whole.bytes - 1)
            }
            let (tip, server, folder) = (try await scratch.id("main"), scratch.server, "\(scratch.path)/kept")
            for (old, new) in [(ObjectID.zero, tip), (tip, ObjectID.zero)] {
                await #expect(throws: GitError.self) {
                    _ = try await Repository.withRepository(at: server) { repository in
                        try repository.updateTree(at: folder, from: old, of: 0, to: new)
                    }
                }
            }
        }
    }

    private func prepare(_ scratch: Scratch) async throws {
        try await scratch.client(Self.changes)
        try await scratch.push("main", as: "refs/heads/main")
    }
}

extension Scratch {
    /// Exports a commit into the folder of that name.
    @discardableResult
    fileprivate func export(_ revision: String, to folder: String) async throws -> TreeExport {
        let (commit, target) = (try await id(revision), "\(path)/\(folder)")
        return try await Repository.withRepository(at: server) { try $0.exportTree(of: commit, to: target) }
    }

    /// Updates the folder; `time` is now unless given.
    fileprivate func update(
        _ folder: String, from old: String, at time: Int? = nil, to new: String, bytes: Int? = nil
    ) async throws -> TreeExport {
        var limits = ExportLimits()
        limits.bytes = bytes ?? limits.bytes
        let (old, new, target) = (try await id(old), try await id(new), "\(path)/\(folder)")
        let time = if let time { time } else { try await now() }
        return try await Repository.withRepository(at: server) { [limits] in
            try $0.updateTree(at: target, from: old, of: time, to: new, limits: limits)
        }
    }

    /// The time of a file that is made now: that of the file system, which runs behind other clocks.
    fileprivate func now() async throws -> Int {
        let text = try await shell("sleep 0.01; touch now; date -r now +%s%N; sleep 0.01", in: path).text
        return try #require(Int(text))
    }

    /// How two folders differ: in names, kinds, permissions, targets, content, or times of files.
    fileprivate func difference(_ one: String, _ other: String) async throws -> String {
        let list = "find . -printf '%y %m %l %P ' \\( -type d -printf '\\n' -o -printf '%T@\\n' \\) | LC_ALL=C sort"
        return try await shell(
            """
            diff -r --no-dereference '\(one)' '\(other)' || true
            for d in '\(one)' '\(other)'; do (cd "$d"; \(list)) > "$d.list"; done
            diff '\(one).list' '\(other).list' || true
            """, in: path
        ).text
    }
}

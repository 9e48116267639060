import Git
import GitWire
import Testing

/// What a push may not bring, however well it is packed.
@Suite struct ObjectValidationTests {
    /// A tree entry: mode, name, and the ID of an empty blob or tree.
    struct Entry: Sendable {
        let mode: String
        let name: [UInt8]

        init(_ mode: String, _ name: String) {
            self.mode = mode
            self.name = Array(name.utf8)
        }
    }

    @Test(arguments: [
        ".git", ".GIT", ".Git", ".git.", ".git ", ".git. . ", "git~1", "GIT~1", "git~1.", ".git::$INDEX_ALLOCATION",
        ".git\\config", "a\\.git", ".g\u{200c}it", ".gi\u{feff}T", "\u{200e}.git", ".", "..", "a/b", "/", "",
    ])
    func `a tree entry with a dangerous name is refused`(name: String) async throws {
        try await Scratch.with { scratch in
            try await refuse("tree", Self.tree([Entry("100644", name)]), "tree entry '", scratch)
            try await refuse("tree", Self.tree([Entry("40000", name)]), "tree entry '", scratch)
        }
    }

    @Test func `names that only resemble dangerous ones are let through`() async throws {
        try await Scratch.with { scratch in
            let names = ["...", ".gi", ".gita", ".github", "a..", "git", "git~", "git~10", "git~2", "\u{e9}.git"]
            for name in names { try await accept("tree", Self.tree([Entry("100644", name)]), scratch) }
            let folders = [Entry("100644", "a"), Entry("100644", "a.b"), Entry("40000", "a0")]
            try await accept("tree", Self.tree(folders), scratch)
            try await accept("tree", [], scratch)
            for mode in ["100644", "100755", "100664", "120000", "160000", "40000", "040000"] {
                try await accept("tree", Self.tree([Entry(mode, "x")]), scratch)
            }
        }
    }

    @Test(arguments: ["100000", "777", "10064a", "", "0", "110000", "100600", "140000", "99"])
    func `a tree entry with a mode that git does not know is refused`(mode: String) async throws {
        try await Scratch.with { scratch in
            try await refuse("tree", Self.tree([Entry(mode, "x")]), "tree '", scratch)
        }
    }

    @Test func `trees that are unsorted, ambiguous or cut off are refused`() async throws {
        try await Scratch.with { scratch in
            let cases: [([Entry], String)] = [
                ([Entry("100644", "b"), Entry("100644", "a")], "the tree is not sorted"),
                ([Entry("40000", "a"), Entry("100644", "a.b")], "the tree is not sorted"),
                ([Entry("100644", "a"), Entry("100644", "a")], "it is there twice"),
                ([Entry("40000", "a"), Entry("40000", "a")], "it is there twice"),
                ([Entry("100644", "a"), Entry("40000", "a")], "it is there twice"),
                ([Entry("100644", "a"), Entry("100644", "a.b"), Entry("40000", "a")], "it is there twice"),
                ([Entry("120000", ".gitmodules")], "'.gitmodules' is a symbolic link"),
                ([Entry("120000", ".GITmodules ")], "'.gitmodules' is a symbolic link"),
                ([Entry("120000", "gitmod~1")], "'.gitmodules' is a symbolic link"),
                ([Entry("120000", "gi7eba~1")], "'.gitmodules' is a symbolic link"),
            ]
            for (entries, reason) in cases { try await refuse("tree", Self.tree(entries), reason, scratch) }
            let whole = Self.tree([Entry("100644", "a")])
            for length in [3, 7, 8, 9, 20, whole.count - 1] {
                try await refuse("tree", Array(whole[..<length]), "malformed entry", scratch)
            }
            let null = Array("100644 a\0".utf8) + [UInt8](repeating: 0, count: 20)
            try await refuse("tree", null, "it points to the null object ID", scratch)
        }
    }

    @Test func `commits and tags that git cannot read are refused`() async throws {
        let tree = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
        let author = "author A <a@b> 1 +0000\n"
        let committer = "committer A <a@b> 1 +0000\n"
        try await Scratch.with { scratch in
            for commit in [
                "", "garbage", author + committer, tree, tree + author, tree + committer + "\nx",
                "tree 4b82\n" + author,
                tree + "parent x\n" + author + committer, tree + author + author + committer,
                tree + "author A a@b 1 +0000\n" + committer, tree + "author A<a@b> 1 +0000\n" + committer,
                tree + "author A\0 <a@b> 1 +0000\n" + committer, tree + author + committer.dropLast(),
            ] {
                try await refuse("commit", Array(commit.utf8), "read commit", scratch)
            }
            let object = "object 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
            for tag in [
                "", "object 4b\n", object, object + "type cat\ntag a\n", object + "type tree\ntag \n",
                object + "type tree\n", object + "type tree\ntag a\ntagger nobody\n",
            ] {
                try await refuse("tag", Array(tag.utf8), "read tag", scratch)
            }
            // Real histories have dates like these.
            try await accept("commit", Array((tree + "author A <a@b> 1 +51800\n" + committer + "\nx").utf8), scratch)
            try await accept("commit", Array((tree + author + committer).utf8), scratch)
            try await accept("tag", Array((object + "type tree\ntag a\n\nmessage").utf8), scratch)
        }
    }

    private static func tree(_ entries: [Entry]) -> [UInt8] {
        entries.flatMap { entry in
            Array("\(entry.mode) ".utf8) + entry.name + [0] + [UInt8](repeating: 0x11, count: 20)
        }
    }

    private func refuse(
        _ kind: String, _ content: [UInt8], _ reason: String, _ scratch: Scratch,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let (quarantine, pack) = try await quarantine(kind, content, scratch)
        let error = await #expect(throws: GitError.self, sourceLocation: location) {
            _ = try await quarantine.append(pack)
            _ = try await quarantine.finish()
        }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))", sourceLocation: location)
        try await quarantine.discard()
        #expect(try await scratch.files("objects") == ["objects/info", "objects/pack"], sourceLocation: location)
    }

    private func accept(
        _ kind: String, _ content: [UInt8], _ scratch: Scratch, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let (quarantine, pack) = try await quarantine(kind, content, scratch)
        await #expect(throws: Never.self, sourceLocation: location) {
            _ = try await quarantine.append(pack)
            _ = try await quarantine.finish()
        }
        try await quarantine.discard()
    }

    private func quarantine(
        _ kind: String, _ content: [UInt8], _ scratch: Scratch
    ) async throws -> (Quarantine, pack: [UInt8]) {
        var pack = PackBuilder(count: 1)
        pack.add(type: kind == "tree" ? 2 : kind == "commit" ? 1 : 4, content)
        return try await (Quarantine(repository: scratch.server), pack.finished())
    }
}

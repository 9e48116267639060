import GitWire
import Testing

/// What becomes of references.
@Suite struct ReferenceTests {
    private func cases(
        _ table: [(String, [String])], capabilities: String = Transcript.usual, pack: String? = "empty",
        prepare: String = ""
    ) async throws -> [Case] {
        let world = try await World.shared
        return try table.map { name, commands in
            let needsPack = commands.contains { $0.split(separator: " ")[1] != "0" }
            return Case(
                name: name,
                transcript: try world.push(commands, capabilities: capabilities, pack: needsPack ? pack : nil),
                prepare: prepare)
        }
    }

    private static let simple: [(String, [String])] = [
        ("create", ["0 c1 refs/heads/new"]), ("create in a folder", ["0 c1 refs/heads/x/y/z"]),
        ("update", ["c1 c2 refs/heads/old"]), ("update packed", ["c1 c2 refs/heads/packed/sub"]),
        ("rewind", ["c2 c1 refs/heads/main"]), ("same value", ["c2 c2 refs/heads/main"]),
        ("tag", ["0 c1 refs/tags/new"]), ("move a tag", ["tag c2 refs/tags/v1"]),
        ("other namespace", ["0 c1 refs/notes/x"]),
        ("note below refs/x", ["0 c1 refs/x/y"]), ("tag object under a tag", ["0 tag refs/tags/again"]),
        ("delete loose", ["c1 0 refs/heads/loose/sub"]), ("delete packed", ["c1 0 refs/heads/packed/sub"]),
        ("delete both", ["c2 0 refs/heads/main"]),
        ("delete several", ["c1 0 refs/heads/old", "c1 0 refs/heads/gone", "c1 0 refs/tags/light"]),
        ("delete and create", ["c1 0 refs/heads/old", "0 c2 refs/heads/new"]),
        ("create and delete", ["0 c2 refs/heads/new", "c1 0 refs/heads/old"]),
        ("rename", ["c1 0 refs/heads/old", "0 c1 refs/heads/OLD"]),
        ("folder becomes file", ["c1 0 refs/heads/loose/sub", "0 c1 refs/heads/loose"]),
        ("packed folder becomes file", ["c1 0 refs/heads/packed/sub", "0 c1 refs/heads/packed"]),
        ("file becomes folder", ["c1 0 refs/heads/old", "0 c1 refs/heads/old/sub"]),
    ]

    private static let stale: [(String, [String])] = [
        ("stale update", ["c1 c2 refs/heads/main"]), ("create what exists", ["0 c1 refs/heads/main"]),
        ("create what exists, same value", ["0 c2 refs/heads/main"]),
        ("update what does not exist", ["c1 c2 refs/heads/nowhere"]), ("stale deletion", ["c1 0 refs/heads/main"]),
        ("stale packed deletion", ["c2 0 refs/heads/packed/sub"]), ("old value unknown", ["c3 c2 refs/heads/old"]),
        ("delete nothing, zero", ["0 0 refs/heads/nowhere"]),
        ("delete nothing, unknown old", ["c4 0 refs/heads/nowhere"]),
        ("delete nothing, known old", ["c1 0 refs/heads/nowhere"]),
        ("one stale of three", ["c1 c2 refs/heads/old", "c1 c2 refs/heads/main", "0 c2 refs/heads/new"]),
        ("stale but there already", ["c1 c2 refs/heads/main", "0 c1 refs/heads/new"]),
    ]

    private static let conflicts: [(String, [String])] = [
        ("below loose", ["0 c1 refs/heads/main/sub"]), ("below packed", ["0 c1 refs/heads/old/sub"]),
        ("above loose", ["0 c1 refs/heads/loose"]), ("above packed", ["0 c1 refs/heads/packed"]),
        ("deep below", ["0 c1 refs/heads/main/a/b/c"]),
        ("above both", ["0 c1 refs/heads/loose", "0 c1 refs/heads/packed"]),
        ("within the push", ["0 c1 refs/heads/a", "0 c1 refs/heads/a/b"]),
        ("within the push, other order", ["0 c1 refs/heads/a/b", "0 c1 refs/heads/a"]),
        ("with a hidden one", ["0 c1 refs/martlet/secret/x"]), ("lock-like", ["0 c1 refs/heads/a.lock/b"]),
    ]

    private static let objects: [(String, [String])] = [
        ("blob on a branch", ["0 blob refs/heads/new"]), ("tree on a branch", ["0 t3 refs/heads/new"]),
        ("tag on a branch", ["0 tag refs/heads/new"]), ("blob as tag", ["0 blob refs/tags/new"]),
        ("tree elsewhere", ["0 t3 refs/x/new"]), ("tag of tag", ["0 tagtag refs/tags/vv"]),
        ("tag of tree", ["0 tagtree refs/tags/vt"]), ("tag of blob", ["0 tagblob refs/tags/vb"]),
        ("blob beside a good one", ["0 blob refs/heads/bad", "0 c3 refs/heads/good"]),
        ("merge", ["0 merge refs/heads/new"]), ("unrelated root", ["0 root refs/heads/new"]),
        ("many", ["0 merge refs/heads/a", "0 root refs/heads/b", "0 tagtag refs/tags/vv", "c2 c3 refs/heads/main"]),
    ]

    @Test func `references are created, moved and deleted`() async throws {
        try await check(cases(Self.simple))
    }

    @Test func `a client that is mistaken about a value is refused`() async throws {
        try await check(cases(Self.stale))
    }

    @Test func `a reference cannot be a folder of another`() async throws {
        try await check(cases(Self.conflicts))
    }

    @Test func `a refusal names the reference that is in the way`() async throws {
        let world = try await World.shared
        for name in ["refs/heads/main/sub", "refs/heads/packed"] {
            let play = try await world.play(try world.push(["0 c1 \(name)"]))
            let told = play.git.text.split(separator: "\n").first { $0.hasPrefix("error: cannot lock ref") }
            #expect(told.map { play.ours.text.contains($0) } == true, "\(play.git.text)\(play.ours.text)")
        }
    }

    @Test func `branches hold commits, and other references anything`() async throws {
        try await check(cases(Self.objects, pack: "all"))
    }

    @Test func `an atomic push changes all or nothing`() async throws {
        let atomic = Transcript.usual + " atomic"
        try await check(
            cases(Self.simple + Self.stale + Self.conflicts, capabilities: atomic)
                + cases(Self.objects, capabilities: atomic, pack: "all")
                + cases([("bad name", ["0 c1 refs/heads/a..b", "0 c1 refs/heads/new"])], capabilities: atomic))
        // git forgets atomicity for what it rejects before it looks at references.
        let world = try await World.shared
        try await check([
            Case(
                name: "atomic: hidden",
                transcript: try world.push(["0 c1 refs/martlet/x", "0 c1 refs/heads/new"], capabilities: atomic),
                ours: ["ng refs/martlet/x deny updating a hidden ref", "ng refs/heads/new atomic push failure"]),
            Case(
                name: "atomic: missing objects",
                transcript: try world.push(["0 orphan refs/heads/x", "0 c1 refs/heads/new"], capabilities: atomic),
                ours: ["ng refs/heads/x missing necessary objects", "ng refs/heads/new atomic push failure"]),
        ])
    }

    @Test func `hidden references cannot be changed`() async throws {
        try await check(
            cases([
                ("update", ["c1 c2 refs/martlet/secret"]), ("create", ["0 c1 refs/martlet/new"]),
                ("delete", ["c1 0 refs/martlet/secret"]),
                ("not quite", ["0 c1 refs/martlets/x"]),
                ("beside another", ["0 c1 refs/martlet/a/b", "0 c1 refs/heads/new"]),
                ("delete nothing", ["0 0 refs/martlet/nothing"]), ("the folder", ["0 c1 refs/martlet"]),
                ("bad hidden name", ["0 c1 refs/martlet/a..b"]), ("delete a bad one", ["c1 0 refs/martlet/a..b"]),
            ]))
    }

    @Test func `a value that no object has is refused`() async throws {
        try await check(
            cases([
                ("unknown", ["0 c4 refs/heads/new"]),
                ("unknown beside known", ["0 c4 refs/heads/new", "0 c1 refs/heads/good"]),
                ("unknown tag", ["0 tagtag refs/tags/x"]), ("unknown update", ["c2 c4 refs/heads/main"]),
            ]))
    }

    @Test func `a commit that is there without what it needs is refused`() async throws {
        let world = try await World.shared
        let leave = "git unpack-objects -q < \(world.path)/packs/treeless"
        try await check(
            cases(
                [
                    ("leftover", ["0 treeless refs/heads/new"]),
                    ("leftover and good", ["0 treeless refs/heads/a", "0 c1 refs/heads/b"]),
                ],
                prepare: leave))
    }

    @Test func `symbolic references are followed`() async throws {
        let alias = "git symbolic-ref refs/heads/alias refs/heads/main"
        try await check(
            cases(
                [
                    ("target of an alias", ["c2 c3 refs/heads/main"]), ("delete target", ["c2 0 refs/heads/main"]),
                    ("through an alias", ["c2 c3 refs/heads/alias"]),
                    ("alias and target alike", ["c2 c3 refs/heads/alias", "c2 c3 refs/heads/main"]),
                    ("alias and target apart", ["c2 c3 refs/heads/alias", "c2 c1 refs/heads/main"]),
                    ("delete an alias", ["c2 0 refs/heads/alias"]),
                ], pack: "c3", prepare: alias)
                + cases(
                    [("broken alias", ["0 c3 refs/heads/broken"]), ("delete broken", ["0 0 refs/heads/broken"])],
                    pack: "c3", prepare: "git symbolic-ref refs/heads/broken refs/heads/nowhere"))
        // git has no such scruples.
        let world = try await World.shared
        let outside = Case(
            name: "to a hidden one", transcript: try world.push(["c1 c2 refs/heads/outside"]),
            prepare: "git symbolic-ref refs/heads/outside refs/martlet/secret",
            ours: ["ng refs/heads/outside deny updating a hidden ref"])
        try await check([outside])
    }

    /// git refuses everything while a reference is broken, since it cannot tell what is complete.
    @Test func `a broken reference is in nobody's way`() async throws {
        let world = try await World.shared
        let c4 = try world.id("c4")
        let broken =
            "echo \(c4) > refs/heads/dangling; echo garbage > refs/heads/garbage; : > refs/heads/zero"
            + "; mkdir -p refs/heads/hollow/x"
        let push = try world.push(
            ["c2 c3 refs/heads/main", "c4 c3 refs/heads/dangling", "0 c3 refs/heads/hollow"], pack: "c3")
        let play = try await world.play(push, prepare: broken)
        #expect(
            play.ours.results == ["ok refs/heads/main", "ok refs/heads/dangling", "ok refs/heads/hollow"],
            "\(play.ours.text)")
        #expect(!play.ours.advertised.contains { $0.hasSuffix("/garbage") || $0.hasSuffix("/dangling") })
    }

    @Test func `a deletion means the value that the client knows`() async throws {
        let world = try await World.shared
        // git deletes whatever is there when the old value is no object that it has.
        try await check([
            Case(
                name: "zero", transcript: try world.push(["0 0 refs/heads/old"], pack: nil),
                ours: ["ng refs/heads/old failed to update ref"]),
            Case(
                name: "unknown", transcript: try world.push(["c4 0 refs/heads/old"], pack: nil),
                ours: ["ng refs/heads/old failed to update ref"]),
            // As git does since 2.41.
            Case(
                name: "one-level", transcript: try world.push(["c1 0 refs/one"], pack: nil), ours: ["ok refs/one"]),
        ])
    }

    @Test func `a locked reference fails alone`() async throws {
        let locked = "mkdir -p refs/heads; : > refs/heads/old.lock"
        let world = try await World.shared
        for commands in [["c1 c2 refs/heads/old", "0 c1 refs/heads/new"], ["c1 0 refs/heads/old"]] {
            let push = try world.push(commands, pack: commands[0].contains(" 0 ") ? nil : "empty")
            let play = try await world.play(push, prepare: locked)
            #expect(
                play.differences.filter { !$0.hasPrefix("left over: ./refs/heads/old.lock") } == [], "\(play.ours.text)"
            )
        }
    }

    @Test func `the same reference twice in a push is refused`() async throws {
        let world = try await World.shared
        let refused = "multiple updates for ref not allowed"
        // git before 2.51 carries them out one after the other, git since then refuses the push as a whole.
        try await check([
            Case(
                name: "create twice",
                transcript: try world.push(["0 c1 refs/heads/x", "0 c1 refs/heads/x", "0 c1 refs/heads/y"]),
                ours: ["ng refs/heads/x \(refused)", "ng refs/heads/x \(refused)", "ok refs/heads/y"]),
            Case(
                name: "delete and create", transcript: try world.push(["c1 0 refs/heads/old", "0 c2 refs/heads/old"]),
                ours: ["ng refs/heads/old \(refused)", "ng refs/heads/old \(refused)"]),
        ])
    }

    @Test func `ten thousand references fit into one push`() async throws {
        let world = try await World.shared
        let (zero, value) = (World.zero, try world.id("c1"))
        let names = (0..<10_000).map { "refs/heads/many/\($0 % 100)/\($0)" }
        let push = Transcript(
            names.map { "\(zero) \(value) \($0)" }, capabilities: Transcript.usual + " atomic")
        let some = names.prefix(2000)
        let prepare =
            "for n in {0..1999}; do echo create refs/heads/many/$((n % 100))/$n \(value); done"
            + " | git update-ref --stdin; git pack-refs --all"
        let deletion = Transcript(some.map { "\(value) \(zero) \($0)" }, capabilities: Transcript.usual + " atomic")
        try await check([
            Case(name: "creations", transcript: push + (try world.pack("empty"))),
            Case(name: "deletions", transcript: deletion, prepare: prepare),
        ])
    }
}

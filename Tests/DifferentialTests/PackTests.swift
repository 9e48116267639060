import Testing

/// What becomes of packs, good, odd and damaged.
@Suite struct PackTests {
    private func cases(_ packs: [String], capabilities: String = Transcript.usual) async throws -> [Case] {
        let world = try await World.shared
        return try packs.map { pack in
            Case(
                name: pack,
                transcript: try world.push(["c2 c3 refs/heads/main"], capabilities: capabilities, pack: pack))
        }
    }

    @Test func `good packs are taken in all forms`() async throws {
        try await check(
            cases([
                "c3", "c3-ofs", "c3-thin", "c3-thin-ofs", "plain", "uncompressed", "empty-blob", "twice", "known-again",
                "ref-delta", "ref-delta-first", "delta-of-delta", "all", "trailing-garbage", "version-3",
            ]))
        // git takes an object that is twice in a small pack, which it unpacks, and refuses it in one that it keeps.
        var twice = try await cases(["ofs-delta"])
        twice[0].deliberate = .refused
        try await check(twice)
    }

    @Test func `damaged packs are refused`() async throws {
        try await check(
            cases([
                "cut-in-header", "cut-after-header", "cut-in-entry", "cut-in-trailer", "bad-checksum", "bad-signature",
                "version-0", "version-1", "version-4", "one-more", "one-less", "huge-count", "not-a-pack",
                "nothing", "bad-zlib", "zero-but-bytes",
            ]))
    }

    @Test func `odd entries are refused`() async throws {
        try await check(
            cases([
                "type-0", "type-5", "size-too-small", "size-too-large", "no-zlib", "bad-adler", "ref-delta-thin",
                "missing-base", "self-delta", "wrong-base-size", "reserved-instruction", "copy-beyond",
                "result-too-long",
                "result-too-short", "delta-size-huge", "delta-result-huge", "empty-delta", "ofs-to-header",
                "ofs-before-pack", "ofs-between", "ofs-zero",
                "ofs-overflow", "size-overflow",
            ]))
    }

    @Test func `a refusal is told to clients without side-band or report too`() async throws {
        for capabilities in ["report-status", "", " side-band-64k", " report-status-v2 side-band-64k atomic"] {
            try await check(cases(["bad-checksum", "type-0"], capabilities: capabilities))
        }
    }

    /// With `fsckObjects` git gives up while it unpacks; without, it judges each reference as we do.
    @Test func `a pack that lacks objects moves nothing that needs them`() async throws {
        let world = try await World.shared
        let pushes: [(String, [String], String)] =
            ["no-blob", "no-tree", "no-commit", "empty"].map { ($0, ["c2 c3 refs/heads/main"], $0) } + [
                ("no parent", ["0 orphan refs/heads/new"], "no-parent"),
                ("no tree at all", ["0 treeless refs/heads/new"], "treeless"),
                ("beside a good one", ["0 orphan refs/heads/new", "c2 c3 refs/heads/main"], "no-parent"),
                ("tag of nothing", ["0 tagmissing refs/tags/x"], "tagmissing"),
                ("submodule", ["0 link refs/heads/new"], "link"),
                ("annotated tags", ["0 tagtag refs/tags/x", "0 tagblob refs/tags/y"], "all"),
            ]
        try await check(
            pushes.map {
                Case(
                    name: $0.0, transcript: try world.push($0.1, pack: $0.2),
                    prepare: "git config receive.fsckObjects false")
            })
    }
}

import Testing

/// Which objects are taken, beside `git receive-pack` with `fsckObjects`.
@Suite struct ObjectTests {
    /// Where we differ: `receive.fsckObjects` stops histories that are sound but old, and lets oddities pass.
    private static let deliberate: [String: Case.Fate] = [
        // Well-known histories have them, and no reader trips over them.
        "commit-bad-zone": .taken, "commit-long-zone": .taken, "tree-mode-padded": .taken,
        // Whatever follows is only not shown.
        "commit-nul-in-message": .taken,
        // git only warns of modes that it never wrote; others who read trees take them for something else.
        "tree-mode-600": .refused, "tree-mode-huge": .refused, "tree-mode-pipe": .refused,
        // A tag is for its name.
        "tag-no-name": .refused,
    ]

    @Test(arguments: ["tree-", "modules-", "commit-", "tag-"])
    func `strange objects are judged as git fsck does`(kind: String) async throws {
        let world = try await World.shared
        let reference = kind == "tag-" ? "refs/tags/new" : "refs/heads/new"
        try await check(
            world.names(kind).map { name in
                Case(
                    name: name, transcript: try world.push(["0 \(name) \(reference)"], pack: "bad-\(name)"),
                    isLoose: true, deliberate: Self.deliberate[name])
            })
    }
}

import Testing

/// Which objects are taken, beside `git receive-pack` with `fsckObjects`.
@Suite struct ObjectTests {
    /// Where we differ for now.
    private static let open: [String: String] = {
        let dates = "what follows a name in a commit is not looked at as closely as git does"
        let modules = "the content of .gitmodules is not looked at"
        let names = ["angle", "bad-zone", "long-zone", "huge-date", "negative-date", "no-date", "no-name", "zero-date"]
        let files = ["name", "path", "update", "url-dash", "url-empty-host", "url-newline"]
        return Dictionary(
            uniqueKeysWithValues: names.map { ("commit-\($0)", dates) } + files.map { ("modules-\($0)", modules) }
                + [
                    ("commit-nul-in-message", "a NUL in the message is let through"),
                    ("tag-nul", "a NUL in a tag's header is let through"),
                    ("tree-modules-tree", "a folder called .gitmodules is let through"),
                    (
                        "tree-mode-padded",
                        "modes with leading zeros are let through on purpose: real histories have them"
                    ),
                    ("tree-mode-600", "git only warns of strange modes, we refuse them"),
                    ("tree-mode-huge", "git only warns of strange modes, we refuse them"),
                    ("tree-mode-pipe", "git only warns of strange modes, we refuse them"),
                    ("tag-no-name", "git only warns of a tag without a name, we refuse it"),
                ])
    }()

    @Test(arguments: ["tree-", "modules-", "commit-", "tag-"])
    func `strange objects are judged as git fsck does`(kind: String) async throws {
        let world = try await World.shared
        let reference = kind == "tag-" ? "refs/tags/new" : "refs/heads/new"
        try await check(
            world.names(kind).map { name in
                Case(
                    name: name, transcript: try world.push(["0 \(name) \(reference)"], pack: "bad-\(name)"),
                    isLoose: true, known: Self.open[name])
            })
    }
}

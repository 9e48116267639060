import Testing

/// Fetching clients, as `git upload-pack` and we serve them in versions 0 and 1.
@Suite struct FetchTests {
    private static let usual = "multi_ack_detailed side-band-64k thin-pack ofs-delta agent=test/1"

    /// A conversation: what is wanted, then the rest.
    private static func fetch(
        _ wants: [String], _ capabilities: String = usual, depth: [String] = [], _ rest: [String] = ["done"],
        version: Int = 0
    ) -> FetchCase {
        let lines = wants.enumerated().map {
            "want @\($1)" + ($0 == 0 && !capabilities.isEmpty ? " \(capabilities)" : "")
        }
        return FetchCase(lines + depth + ["0000"] + rest, version: version)
    }

    @Test func `the references are the same`() async throws {
        let capabilities = [
            "deepen-not", "deepen-relative", "deepen-since", "include-tag", "multi_ack", "multi_ack_detailed",
            "no-progress", "object-format=sha1", "ofs-delta", "shallow", "side-band", "side-band-64k", "thin-pack",
        ]
        var cases: [FetchCase] = []
        for version in [0, 1] {
            cases += ["full", "detached", "headless"].map { FetchCase(["0000"], version: version, repository: $0) }
            // As git does since 2.41.
            let line = ["@zero capabilities^{}"] + capabilities.map { "capability \($0)" }
            cases.append(FetchCase(["0000"], version: version, repository: "empty", onlyWe: line))
        }
        try await FetchCase.check(cases)
    }

    @Test func `haves are answered alike in every mode`() async throws {
        let talks = [
            ["done"], ["have @c5", "done"], ["have @unknown", "0000", "done"],
            ["have @unknown", "have @c5", "0000", "done"],
            ["have @c8", "have @c5", "have @c2", "0000", "have @c1", "0000", "done"],
            ["have @c2", "0000", "have @s3", "0000", "have @unknown", "0000", "have @c9", "0000", "done"],
            ["have @u1", "have @v1", "0000", "0000", "done"], ["have @c9\n", "0000", "done\n"],
        ]
        let modes = ["", "multi_ack", "multi_ack_detailed", "multi_ack multi_ack_detailed"]
        try await FetchCase.check(
            talks.flatMap { talk in modes.map { Self.fetch(["c9", "s3"], "\($0) side-band-64k ofs-delta", talk) } }
                + [Self.fetch(["c9"], "", ["have @c5", "0000", "done"], version: 1)])
    }

    @Test func `packs hold the same objects`() async throws {
        let wants = [
            ["c9"], ["c9", "u2"], ["v1"], ["v2"], ["blob-tag"], ["c9-tree"], ["c9", "c9"], ["c3", "c2", "s3"],
            ["c9", "v2"],
        ]
        let haves: [[String]] = [[], ["have @c3"], ["have @s3", "have @c5"]]
        let capabilities = [
            "ofs-delta", "side-band", "side-band-64k no-progress", "thin-pack side-band-64k include-tag", "include-tag",
        ]
        var cases: [FetchCase] = []
        for wants in wants {
            for haves in haves { cases.append(Self.fetch(wants, Self.usual, haves + ["0000", "done"])) }
        }
        for one in capabilities { cases.append(Self.fetch(["c9"], one, ["have @c2", "0000", "done"])) }
        try await FetchCase.check(cases)
    }

    @Test func `histories are cut off at the same commits`() async throws {
        let depths = [
            ["deepen 1"], ["deepen 2"], ["deepen 3"], ["deepen 100"], ["deepen 2147483647"],
            ["deepen-since 1700010000"],
            ["deepen-not refs/heads/side"], ["deepen-not refs/tags/v1"], ["deepen-not light"],
            ["deepen-not old", "deepen-not side"],
            ["deepen-since 1700003000", "deepen-not refs/heads/old"], ["shallow @c6"], ["shallow @c6", "deepen 1"],
            ["shallow @c6", "shallow @s3", "deepen 4"], ["shallow @c6", "shallow @s3", "deepen 2147483647"],
            ["shallow @unknown", "deepen 2"], ["shallow @c9", "deepen 3"],
        ]
        try await FetchCase.check(
            depths.flatMap { depth in
                [
                    Self.fetch(["c9"], depth: depth),
                    Self.fetch(["c9", "s3"], depth: depth, ["have @c8", "0000", "done"]),
                ]
            }
                + [
                    Self.fetch(["c9"], "\(Self.usual) deepen-relative", depth: ["shallow @c8", "deepen 2"]),
                    Self.fetch(
                        ["c9"], "\(Self.usual) deepen-relative", depth: ["shallow @c6", "shallow @s3", "deepen 1"]),
                    Self.fetch(["v2"], "\(Self.usual) include-tag", depth: ["deepen 2"]),
                ])
    }

    @Test func `what is not offered is refused`() async throws {
        let wants = ["c5", "unknown", "zero", "d1", "c1-tree"]
        try await FetchCase.check(wants.flatMap { [Self.fetch([$0]), Self.fetch(["c9", $0])] })
    }

    @Test func `odd and malformed requests end alike`() async throws {
        try await FetchCase.check(
            [
                ["want @c9 no-such-capability side-band-64k=1 \(Self.usual)", "0000", "done"],
                ["want @c9 \(Self.usual)\n", "0000", "done"], ["want @c9\(Self.usual)", "0000", "done"],
                ["want @c9 object-format=sha1 \(Self.usual)", "0000", "done"],
                ["want @c9", "want @u2 side-band-64k", "0000", "done"], ["want", "0000"], ["want ", "0000"],
                ["want 123", "0000"], ["wants @c9", "0000"], ["have @c9", "0000"], ["done"], ["hello", "0000"],
                ["want @c9", "deepen", "0000"], ["want @c9", "deepen 0", "0000", "done"],
                ["want @c9", "deepen -1", "0000"],
                ["want @c9", "deepen x", "0000"], ["want @c9", "shallow x", "0000"], ["want @c9", "shallow", "0000"],
                ["want @c9", "deepen-since x", "0000"], ["want @c9", "deepen-since 2000000000", "0000", "done"],
                ["want @c9", "deepen-not nowhere", "0000", "done"], ["want @c9", "deepen-not", "0000"],
                ["want @c9", "deepen 1", "deepen-since 1700000000", "0000", "done"],
                ["want @c9", "deepen 1", "deepen-not old", "0000", "done"],
                ["want @c9", "shallow @c1-tree", "deepen 1", "0000", "done"],
                ["want @c9", "filter blob:none", "0000", "done"], ["want @c9", "0000", "have x"],
                ["want @c9", "0000", "hello"],
                ["want @c9", "0000", "want @u2", "done"], ["want @c9", "0000"], ["want @c9"],
                ["want @c9", "0000", "have @c5"],
                ["raw:zzzz"], ["raw:0003"], ["raw:0020want"], [], ["raw:0004"],
            ].map { FetchCase($0, version: 0) })
    }

    @Test func `where git takes what cannot be meant, we do not`() async throws {
        func refused(_ lines: [String], _ reason: String) -> FetchCase {
            FetchCase(lines, version: 0, onlyGit: nil, onlyWe: ["status 128", "error: fatal: \(reason)"])
        }
        try await FetchCase.check([
            refused(["want @c9 object-format=sha256", "0000", "done"], "unsupported object format sha256"),
            // The delimiter is version 2's.
            refused(["0001"], "protocol error: bad line length 1"),
            // git takes the length's own bytes off in its words.
            FetchCase(
                ["raw:ffff"], version: 0, onlyGit: ["error: fatal: protocol error: bad line length 65531"],
                onlyWe: ["error: fatal: protocol error: bad line length 65535"]),
        ])
    }
}

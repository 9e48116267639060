import Testing

/// Fetching clients, as `git upload-pack` and we serve them in version 2.
@Suite struct FetchVersion2Tests {
    private static func fetch(_ arguments: [String]) -> FetchCase {
        FetchCase(["command=fetch", "agent=test/1", "object-format=sha1", "0001"] + arguments + ["0000"])
    }

    @Test func `references are listed alike, with all flags and prefixes`() async throws {
        let flags: [[String]] = [
            [], ["peel"], ["symrefs"], ["unborn"], ["symrefs", "unborn"], ["peel", "symrefs", "unborn"],
        ]
        let prefixes: [[String]] = [
            [], ["HEAD"], ["refs/heads/"], ["refs/heads/ma", "refs/tags/v"], ["refs/nothing"], [""], ["refs/martlet/"],
            ["re", "HE"],
        ]
        var commands: [[String]] = []
        for flags in flags {
            for prefixes in prefixes {
                let lines = prefixes.map { "ref-prefix \($0)" }
                commands.append(["command=ls-refs", "0001"] + flags + lines + ["0000"])
            }
        }
        // git tells the name of a hidden reference that a symbolic one stands for.
        let shown = commands.filter { command in
            command.contains("symrefs")
                && (!command.contains { $0.hasPrefix("ref-prefix") }
                    || command.contains { ["ref-prefix refs/heads/", "ref-prefix ", "ref-prefix re"].contains($0) })
        }
        let inside = "@h1 refs/heads/inside"
        try await FetchCase.check(
            [
                FetchCase(
                    commands.flatMap(\.self) + ["0000"],
                    onlyGit: shown.map { _ in "\(inside) symref-target:refs/martlet/secret" },
                    onlyWe: shown.map { _ in inside })
            ]
                + ["empty", "detached", "headless"].map {
                    FetchCase(commands.flatMap(\.self) + ["0000"], repository: $0)
                })
    }

    @Test func `fetches are answered alike`() async throws {
        let haves: [[String]] = [
            [], ["have @c5"], ["have @unknown"], ["have @unknown", "have @c3"], ["have @c8", "have @c5", "have @u1"],
            ["have @c9", "have @s3", "have @u2"],
        ]
        let ends: [[String]] = [[], ["done"], ["wait-for-done"], ["wait-for-done", "done"]]
        let options: [[String]] = [[], ["thin-pack", "ofs-delta", "no-progress"], ["include-tag", "thin-pack"]]
        var cases: [FetchCase] = []
        for wants in [["want @c9"], ["want @c9", "want @u2"], ["want @v2"]] {
            for haves in haves {
                for end in ends { cases.append(Self.fetch(wants + options[cases.count % 3] + haves + end)) }
            }
        }
        try await FetchCase.check(cases)
    }

    @Test func `one conversation holds several commands`() async throws {
        let list = ["command=ls-refs", "0001", "peel", "0000"]
        let negotiate = ["command=fetch", "0001", "want @c9", "have @unknown", "0000"]
        let take = ["command=fetch", "0001", "want @c9", "have @c5", "done", "0000"]
        try await FetchCase.check([
            FetchCase(list + negotiate + negotiate + take), FetchCase(list + list + ["0000"]),
            FetchCase(list + ["0000"] + list),
            FetchCase(["0000"]), FetchCase([]), FetchCase(["command=fetch", "0000", "0000"]),
            FetchCase(["command=fetch", "0001", "0000"] + list), FetchCase(["command=ls-refs", "0000"]),
            FetchCase(["command=fetch", "0001", "done", "0000"]),
            FetchCase(["command=fetch", "0001", "have @c5", "0000"]),
            FetchCase(["command=fetch", "0001", "wait-for-done", "have @c5", "have @unknown", "0000"]),
        ])
    }

    @Test func `histories are cut off at the same commits`() async throws {
        let depths = [
            ["deepen 1"], ["deepen 3"], ["deepen 2147483647"], ["deepen-since 1700010000"],
            ["deepen-not refs/heads/side"],
            ["deepen-not old", "deepen-since 1700003000"], ["shallow @c6"], ["shallow @c6", "shallow @s3", "deepen 4"],
            ["shallow @c8", "deepen 2", "deepen-relative"], ["shallow @c6", "shallow @s3", "deepen 2147483647"],
            ["deepen-relative", "deepen 1"], ["shallow @unknown"], ["shallow @unknown", "deepen 1"],
        ]
        var cases: [FetchCase] = []
        for depth in depths {
            for more in [[], ["have @c8"], ["have @c8", "thin-pack", "ofs-delta"]] {
                cases.append(Self.fetch(["want @c9"] + depth + more + ["done"]))
            }
        }
        try await FetchCase.check(cases)
    }

    @Test func `what was not offered is refused`() async throws {
        try await FetchCase.check(
            ["c5", "c1", "unknown", "zero"].map { Self.fetch(["want @c9", "want @\($0)", "done"]) })
    }

    @Test func `odd and malformed requests end alike`() async throws {
        try await FetchCase.check(
            [
                ["command=nothing", "0000"], ["command=", "0000"], ["command", "0000"], ["agent=x", "0000"],
                ["hello", "0000"],
                ["command=fetch", "hello", "0000"], ["command=fetch", "command=fetch", "0000"],
                ["command=fetch", "command=ls-refs", "0000"],
                ["command=fetch\n", "agent=a\n", "0001", "want @c9\n", "done\n", "0000"],
                ["command=fetch", "object-format=sha256", "0001", "0000"],
                ["command=fetch", "object-format=md5", "0000"],
                ["command=fetch", "object-format", "0000"], ["command=fetch", "server-option=x", "0001", "0000"],
                ["0001"], ["command=fetch", "0001", "0001", "0000"],
                ["command=fetch", "0001", "want @c9", "0001"], ["command=ls-refs", "0001", "0001"],
                ["command=fetch", "0001", "want x", "0000"], ["command=fetch", "0001", "have x", "0000"],
                ["command=fetch", "0001", "want", "0000"], ["command=fetch", "0001", "hello", "0000"],
                ["command=fetch", "0001", "want @c9", "filter blob:none", "0000"],
                ["command=fetch", "0001", "want-ref refs/heads/main", "0000"],
                ["command=fetch", "0001", "sideband-all", "0000"],
                ["command=fetch", "0001", "want @c9", "deepen 0", "0000"],
                ["command=fetch", "0001", "want @c9", "deepen x", "0000"],
                ["command=fetch", "0001", "want @c9", "shallow x", "0000"],
                ["command=fetch", "0001", "want @c9", "deepen-not nowhere", "done", "0000"],
                ["command=ls-refs", "0001", "hello", "0000"], ["command=ls-refs", "0001", "ref-prefix", "0000"],
                ["command=ls-refs", "0001", "peel"], ["command=ls-refs"], ["raw:zzzz"], ["raw:0003"],
                [
                    "command=ls-refs", "server-option=a", "server-option=b", "agent=", "0001", "ref-prefix refs/tags/",
                    "0000",
                ],
            ].map { FetchCase($0) })
    }

    @Test func `where git hands out or takes more, we do not`() async throws {
        let refused = ["status 128", "error: fatal: "]
        func refusal(_ reason: String) -> [String] { [refused[0], refused[1] + reason] }
        // git hands out whatever it has: what only hidden references reach, what none does, and single trees.
        var cases = ["d1", "c1-tree"].map { want in
            let reason = "upload-pack: not our ref @\(want)"
            return FetchCase(
                Self.fetch(["want @\(want)", "done"]).lines, onlyGit: nil,
                onlyWe: ["status 128", "ERR \(reason)", "error: fatal: git \(reason)"])
        }
        cases += [
            // git ends with an assertion of its own.
            FetchCase(["0002"], onlyGit: nil, onlyWe: refusal("no command requested")),
            FetchCase(
                ["command=fetch", "0002"], onlyGit: nil, onlyWe: refusal("expected flush after fetch arguments")),
            // What was not advertised.
            FetchCase(
                ["command=fetch", "0001", "packfile-uris https", "0000"], onlyGit: ["status 0"],
                onlyWe: refusal("unexpected line: packfile-uris https")),
            FetchCase(
                ["command=object-info", "0001", "size", "0000"], onlyGit: ["status 0", "flush"],
                onlyWe: refusal("invalid command object-info")),
            // git begins an answer before it looks whether it can give it.
            FetchCase(
                ["command=fetch", "0001", "want @c9", "deepen 1", "deepen-since 1", "done", "0000"],
                onlyGit: ["shallow-info"]),
            FetchCase(
                ["command=fetch", "0001", "want @c9", "deepen-since 2000000000", "done", "0000"],
                onlyGit: ["shallow-info"]),
            // git takes any end for the end.
            FetchCase(["raw:0020comm"], onlyGit: ["status 0"], onlyWe: refusal("the remote end hung up unexpectedly")),
        ]
        try await FetchCase.check(cases)
    }
}

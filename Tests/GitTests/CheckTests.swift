import Git
import GitWire
import Testing

/// What `checkIntegrity` says of sound and of damaged repositories, beside what `git fsck` says.
@Suite struct CheckTests {
    private static let history = """
        mkdir d; for i in 1 2 3 4; do seq $i 300 > f; echo $i > d/g$i; git add .; git commit -qm $i; done
        git tag -a -m t t; git tag -a -m tt tt t; git branch other main~2
        git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,module; git commit -qm module
        """

    private func check(_ scratch: Scratch) async throws -> [RepositoryFinding] {
        try await Repository.withRepository(at: "\(scratch.client)/.git") { $0.checkIntegrity() }
    }

    private static let preparations = [
        "true", "git repack -qad", "git repack -qd; git pack-refs --all; echo x > x; git add x; git commit -qm x",
    ]

    @Test(arguments: preparations)
    func `nothing is wrong with a sound repository`(preparation: String) async throws {
        try await Scratch.with { scratch in
            try await scratch.client("\(Self.history)\n\(preparation)\necho lost | git hash-object -w --stdin")
            #expect(try await check(scratch) == [])
        }
    }

    /// Damage, and what has to be found.
    private static let damages: [(script: String, problems: [RepositoryFinding.Problem])] = [
        ("git repack -qad; \(flip("pack", 100))", [.corruptPack, .corruptObject]),
        ("git repack -qad; \(flip("pack", -5))", [.corruptPack, .brokenReference]),
        ("git repack -qad; \(flip("idx", -5))", [.corruptPack]),
        ("git repack -qad; \(flip("idx", 1040))", [.corruptPack, .corruptObject, .missingObject]),
        (
            "git repack -qad; p=$(ls .git/objects/pack/*.pack); chmod +w $p; truncate -s -30 $p",
            [.corruptPack, .brokenReference]
        ),
        ("git repack -qad; rm -f .git/objects/pack/*.idx", [.missingIndex, .brokenReference]),
        ("git repack -qad; rm -f .git/objects/pack/*.pack", [.missingPack, .brokenReference]),
        ("\(remove("main:f"))", [.missingObject]),
        ("\(remove("main:d"))", [.missingObject]),
        ("\(remove("main~1"))", [.missingObject]),
        ("\(remove("main^{tree}"))", [.missingObject]),
        ("\(remove("t"))", [.missingObject, .brokenReference]),
        ("\(remove("main"))", [.brokenReference]),
        ("f=\(loose("main:f")); chmod +w $f; echo rubbish > $f", [.corruptObject]),
        ("f=\(loose("main:f")); chmod +w $f; cat \(loose("main:d/g1")) > $f", [.corruptObject]),
        ("echo 1234567890123456789012345678901234567890 > .git/refs/heads/none", [.brokenReference]),
        ("echo rubbish > .git/refs/heads/bad", [.brokenReference]),
        ("echo 'ref: refs/heads/none' > .git/refs/heads/link", [.brokenReference]),
        ("git rev-parse main^{tree} > .git/refs/heads/tree", [.brokenReference]),
        ("echo rubbish > .git/refs/heads/a..b", [.brokenReference]),
    ]

    private static func loose(_ revision: String) -> String {
        ".git/objects/$(git rev-parse '\(revision)' | sed 's,^..,&/,')"
    }

    private static func remove(_ revision: String) -> String { "rm -f \(loose(revision))" }

    /// Replaces a byte of the pack, counted from its end if the position is negative.
    private static func flip(_ ending: String, _ position: Int) -> String {
        let offset = position < 0 ? "$(($(stat -c %s $p) - \(-position)))" : "\(position)"
        return """
            p=$(ls .git/objects/pack/*.\(ending)); chmod +w $p; cp $p copy
            printf '\\252' | dd of=$p bs=1 seek=\(offset) conv=notrunc 2> /dev/null
            if cmp -s $p copy; then printf '\\125' | dd of=$p bs=1 seek=\(offset) conv=notrunc 2> /dev/null; fi
            """
    }

    @Test(arguments: damages.indices) func `damage is found, as git finds it`(number: Int) async throws {
        try await Scratch.with { scratch in
            let (script, problems) = Self.damages[number]
            try await scratch.client("\(Self.history)\n\(script)")
            let findings = try await check(scratch)
            #expect(Set(findings.map(\.problem)) == Set(problems), "\(findings)")
            let fsck = "git fsck --full --strict > log 2>&1 && echo sound || echo damaged"
            #expect(try await scratch.client(fsck) == "damaged")
        }
    }

    @Test func `the missing object is named, with who needs it`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let blob = try await scratch.id("main:d/g2")
            try await scratch.client(Self.remove("main:d/g2"))
            let findings = try await check(scratch)
            #expect(findings.map(\.subject) == ["\(blob)"])
            #expect(findings.first?.description.contains("missing object '\(blob)': tree '") == true)
        }
    }

    @Test func `an object that a push would be refused for is found`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let tree = try await scratch.object(
                "printf '100644 blob %s\\t.git\\n' $(git rev-parse main:f) | git mktree 2> /dev/null || true")
            let findings = try await check(scratch)
            #expect(findings.map(\.problem) == [.malformedObject])
            #expect(findings.map(\.subject) == ["\(tree)"])
        }
    }
}

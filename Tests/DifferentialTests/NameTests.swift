import Foundation
import GitWire
import TestKit
import Testing

/// Which names references may have.
@Suite struct NameTests {
    private static let odd: [String] = [
        "HEAD", "refs", "refs/", "refs/heads", "refs/heads/", "/refs/heads/a", "refs//heads/a", "refs/heads//a", "main",
        "refs/heads/.", "refs/heads/..", "refs/heads/a..b", "refs/heads/a.", "refs/heads/.a", "refs/heads/a/.b",
        "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads/.lock", "refs/heads/lock", "refs/heads/a.LOCK",
        "refs/heads/a b", "refs/heads/a~1", "refs/heads/a^", "refs/heads/a:b", "refs/heads/a?", "refs/heads/*",
        "refs/heads/a[b", "refs/heads/a]b", "refs/heads/a\\b", "refs/heads/a@{b", "refs/heads/@", "refs/heads/@a",
        "refs/heads/{", "refs/heads/-a", "refs/heads/--", "refs/heads/HEAD", "refs/heads/refs/heads/a",
        "refs/heads/../../x", "refs/../heads/a", "../refs/heads/a", "refs/heads/a\u{7f}", "refs/heads/a\u{1b}[31m",
        "refs/heads/a\tb", "refs/heads/a\nb", "refs/heads/a\rb", "refs/heads/ä", "refs/heads/a\u{308}",
        "refs/heads/\u{202e}a", "refs/heads/🐦", "refs/heads/a'b", "refs/heads/a\"b", "refs/heads/$(id)",
        "refs/heads/`id`", "refs/heads/;id", "refs/heads/a&b", "refs/heads/a|b", "refs/heads/<a>", "refs/heads/a=b",
        "refs/heads/a,b", "refs/heads/#a", "refs/heads/%61", "refs/heads/!", "refs/heads/~", "refs/a",
        "refs/a/b/c/d/e/f",
        "refs/pull/1/head", "refs/for/main", "refs/stash", "refs/tags/^{}", "refs/heads/a^{}", "Refs/heads/a",
        "refs/Heads/a", "refs/heads/a/", "refs/heads/a.b.c", "refs/heads/a...b", "refs/heads/con", "refs/heads/a@",
        "refs/heads/a@b{c", "refs/bisect/x", "refs/worktree/x", "refs/rewritten/x", "refs/replace/x",
        "refs/remotes/x/y",
        "refs/heads/" + String(repeating: "n", count: 190), "refs/heads/" + String(repeating: "n", count: 246),
        "refs/heads/" + String(repeating: "d/", count: 200) + "x",
    ]

    @Test func `a name is taken when git takes it`() async throws {
        let world = try await World.shared
        let (zero, value) = (World.zero, try world.id("c1"))
        let (long, usual) = (Self.odd.filter(Self.isLong), Self.odd.filter { !Self.isLong($0) })
        let push = Transcript(usual.map { "\(zero) \(value) \($0)" }) + (try world.pack("empty"))
        // A component has less room than a file name, for what is appended to it.
        let longPush = Transcript(long.map { "\(zero) \(value) \($0)" }) + (try world.pack("empty"))
        try await check([
            Case(name: "names", transcript: push),
            Case(name: "long names", transcript: longPush, ours: long.map { "ng \($0) funny refname" }),
        ])
    }

    private static func isLong(_ name: String) -> Bool {
        name.split(separator: "/").contains { $0.utf8.count > ReferenceName.maximumComponentLength }
    }

    @Test func `bytes that are not UTF-8 make no name`() async throws {
        let world = try await World.shared
        var transcript = Transcript(bytes: [])
        let words = Array("\(World.zero) \(try world.id("c1")) refs/heads/a".utf8)
        transcript.raw(Array(String(format: "%04x", words.count + 4 + 1 + 15).utf8))
        transcript.raw(words + [0xff, 0] + Array(" report-status".utf8) + Array("0000".utf8))
        let play = try await world.play(
            transcript + world.pack("empty"))
        #expect(play.ours.results == ["ng refs/heads/a\u{fffd} funny refname"], "\(play.ours.text)")
    }

    @Test func `the rules are those of git check-ref-format`() async throws {
        let pieces = [
            "a", ".", "..", "/", "lock", ".lock", "@", "{", "@{", " ", "~", "\\", "*", "\u{1}", "-", "ä", "//", "?",
        ]
        var generator = SplitMix(state: 20_251)
        var names: [String] = []
        for _ in 0..<3000 {
            let count = Int.random(in: 1...6, using: &generator)
            names.append(
                "refs/heads/" + (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined())
        }
        let scratch = try Scratch()
        defer { scratch.remove() }
        try Data(names.joined(separator: "\0").utf8).write(to: URL(filePath: "\(scratch.path)/names"))
        let script = "while IFS= read -r -d '' n; do git check-ref-format \"$n\" && echo y || echo n; done"
        let result = try await Command(["bash", "-c", "\(script) < '\(scratch.path)/names'"]).run()
        let verdicts = result.output.split(separator: "\n").map { $0 == "y" }
        #expect(verdicts.count == names.count - 1)
        for (name, verdict) in zip(names, verdicts) { #expect((ReferenceName(name) != nil) == verdict, "'\(name)'") }
    }
}

/// Numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

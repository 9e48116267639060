import Foundation
import Testing

@testable import GitWire

@Suite struct ReferenceNameTests {
    static let good = [
        "refs/heads/main", "refs/heads/-x", "refs/heads/HEAD", "refs/heads/@", "refs/foo", "refs/pull/1/head",
        "refs/heads/é",
        "refs/heads/a.lock.b", "refs/heads/a@b", "refs/heads/{a}", "refs/heads/a'b", "refs/heads/a;b",
        "refs/heads/$(id)",
        "refs/heads/a\"b", "refs/heads/\u{85}", "refs/for/main", "refs/tags/v1.0", "refs/heads/a.b",
    ]
    static let bad = [
        "refs/heads/a..b", "refs/heads/a b", "refs/heads/.lock", "refs/heads/a.lock", "refs/heads/.git/x",
        "refs/heads/../../x",
        "refs/heads/a@{1}", "refs/heads/@{", "refs/heads/a~1", "refs/heads/a^", "refs/heads/a:b", "refs/heads/a?",
        "refs/heads/a*",
        "refs/heads/a[b", "refs/heads/a\\b", "refs/heads/", "refs//heads", "refs/heads/a.", "refs/heads/a.lock/b",
        "refs/heads/a/.",
        "refs/heads/\u{7f}", "refs/heads/a\nb", "refs/heads/\u{1b}[31m", "refs/heads/a\tb", "refs/", "refs",
    ]

    @Test(arguments: good) func `a good name is taken`(_ name: String) {
        #expect(ReferenceName(name)?.text == name)
    }

    @Test(arguments: bad) func `a bad name is refused`(_ name: String) {
        #expect(ReferenceName(name) == nil)
    }

    @Test(arguments: ["", "HEAD", "main", "heads/main", "/refs/heads/main", "Refs/heads/main", "refs\0/heads/main"])
    func `a name outside refs is refused`(_ name: String) {
        #expect(ReferenceName(name) == nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(ReferenceName(bytes: bytes("refs/heads/") + [0xFF]) == nil)
        #expect(ReferenceName(bytes: bytes("refs/heads/") + [0xC3]) == nil)
        #expect(ReferenceName(bytes: bytes("refs/heads/a\0b")) == nil)
    }

    @Test func `a component has 200 bytes at most, and a name 1024`() {
        #expect(ReferenceName("refs/heads/" + String(repeating: "a", count: 200)) != nil)
        #expect(ReferenceName("refs/heads/" + String(repeating: "a", count: 201)) == nil)
        let long = "refs/heads" + String(repeating: "/" + String(repeating: "a", count: 168), count: 6)
        #expect(long.utf8.count == 1024)
        #expect(ReferenceName(long) != nil)
        #expect(ReferenceName(long + "a") == nil)
    }

    @Test func `git agrees on every name`() async throws {
        let names = Self.good + Self.bad + Self.randomNames(400)
        let verdicts = try await withTemporaryFolder { folder in
            let loop = "while IFS= read -r -d '' name; do git check-ref-format \"$name\" && echo 1 || echo 0; done"
            return try await shell(loop, in: folder, input: names.flatMap { bytes($0) + [0] }).output.split(
                separator: "\n")
        }
        try #require(verdicts.count == names.count)
        for (name, verdict) in zip(names, verdicts) {
            #expect((ReferenceName(name) != nil) == (verdict == "1" && name != "refs"), "'\(name.debugDescription)'")
        }
        #expect(verdicts.count { $0 == "1" } > 50)
    }

    private static func randomNames(_ count: Int) -> [String] {
        let parts = [
            "a", "b", "c", "/", "/", ".", "..", "@", "{", "@{", "~", "^", ":", "?", "*", "[", "\\", " ", ".lock",
            "lock", "-", "é", "\u{7f}",
            "\u{1}", "\u{301}", "🦅", "refs/", "}", "x/y",
        ]
        var generator = SeededGenerator(state: 1)
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...5, using: &generator)).reduce("refs/") { name, _ in
                name + (parts.randomElement(using: &generator) ?? "")
            }
        }
    }

    @Test func `a name knows what it is`() throws {
        let main = try #require(ReferenceName.branch("main"))
        #expect(main.text == "refs/heads/main")
        #expect(main.isBranch && !main.isTag && !main.isHidden && main.componentCount == 3)
        #expect(main.branchName == "main")
        #expect(ReferenceName("refs/heads/a/b")?.branchName == "a/b")
        #expect(ReferenceName("refs/tags/v1")?.branchName == nil)
        #expect(ReferenceName("refs/tags/v1")?.isTag == true)
        #expect(ReferenceName("refs/headsx/a")?.isBranch == false)
        #expect(ReferenceName("refs/foo")?.componentCount == 2)
        #expect(ReferenceName.branch("a b") == nil)
        #expect(ReferenceName.branch("") == nil)
    }

    @Test(arguments: [
        ("refs/martlet/builds/1", true), ("refs/martlet", true), ("refs/martletx/1", false),
        ("refs/heads/refs/martlet", false),
    ])
    func `what is below refs martlet is hidden`(_ name: String, _ isHidden: Bool) {
        #expect(ReferenceName(name)?.isHidden == isHidden)
    }

    @Test(arguments: [
        ("refs/heads/a", "refs/heads/a/b", true), ("refs/heads/a/b/c", "refs/heads/a", true),
        ("refs/heads/a", "refs/heads/ab", false),
        ("refs/heads/a", "refs/heads/a", false), ("refs/heads/a-b", "refs/heads/a/b", false),
        ("refs/heads", "refs/heads/x", true),
    ]) func `a folder of the other conflicts`(_ one: String, _ other: String, _ conflicts: Bool) throws {
        let one = try #require(ReferenceName(one))
        let other = try #require(ReferenceName(other))
        #expect(one.conflicts(with: other) == conflicts)
        #expect(other.conflicts(with: one) == conflicts)
    }

    @Test func `names are told apart and ordered by their bytes`() throws {
        let composed = try #require(ReferenceName("refs/heads/\u{E9}"))
        let decomposed = try #require(ReferenceName("refs/heads/e\u{301}"))
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
        #expect(try #require(ReferenceName("refs/heads/a-b")) < #require(ReferenceName("refs/heads/a/b")))
    }
}

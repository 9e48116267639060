import Testing

@testable import Build

/// Which changes concern an app.
@Suite struct WatchRulesTests {
    @Test(arguments: [
        ("*.md", ["a.md", "x/y/a.md"], ["a.mdx", "md"]),
        ("shared/", ["shared/a", "x/shared/y/z"], ["shared", "sharedx/a"]),
        ("/shared/", ["shared/a"], ["x/shared/a"]),
        ("services/api", ["services/api", "services/api/x"], ["x/services/api"]),
        ("services/api/**", ["services/api/x", "services/api/x/y"], ["services/api", "services/apix/y"]),
        ("**/test", ["test", "a/b/test/c"], ["tests"]), ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["a/c", "b"]),
        ("src/*.swift", ["src/a.swift"], ["src/x/a.swift"]), ("a?c", ["abc", "x/abc"], ["ac", "a/c"]),
        ("[a-c]1", ["a1", "c1"], ["d1"]), ("[!a-c]1", ["d1"], ["a1"]), ("\\*x", ["*x"], ["ax"]),
        ("[x", ["[x"], ["x"]), ("./a", ["a"], ["x/a"]), ("a*b*c", ["abc", "axxbyyc"], ["abcd"]),
        ("**", ["a", "a/b"], []),
    ])
    func `a pattern matches as in gitignore`(pattern: String, matches: [String], others: [String]) throws {
        let pattern = try #require(PathPattern(pattern))
        for path in matches { #expect(pattern.matches(path), "\(path)") }
        for path in others { #expect(!pattern.matches(path), "\(path)") }
    }

    @Test(arguments: ["", "!", "/", "!/", "."])
    func `what names nothing is no pattern`(text: String) { #expect(PathPattern(text) == nil) }

    @Test func `a pattern takes no longer than its length times the path's`() throws {
        let pattern = try #require(PathPattern(String(repeating: "**/*a*a*a*a/", count: 20) + "b"))
        #expect(!pattern.matches(Array(repeating: String(repeating: "a", count: 60), count: 60).joined(separator: "/")))
    }

    @Test func `the folder that is built counts, but for what is taken away`() {
        let rules = WatchRules(["shared/", "*.proto", "!services/api/docs/**"], context: "services/api")
        #expect(rules.isRelevant("services/api/main.go"))
        #expect(rules.isRelevant("shared/x"))
        #expect(rules.isRelevant("deep/a.proto"))
        #expect(!rules.isRelevant("services/api/docs/x.md"))
        #expect(!rules.isRelevant("services/web/main.go"))
        #expect(rules.firstRelevant(["README", "services/web/x", "shared/y"]) == "shared/y")
        #expect(rules.firstRelevant(["README"]) == nil)
    }

    @Test func `martlet_yaml counts always`() {
        let rules = WatchRules(["src/", "!martlet.yaml", "!*.yaml"], context: "api")
        #expect(rules.isRelevant("martlet.yaml"))
        #expect(rules.isRelevant("api/martlet.yaml"))
        #expect(!rules.isRelevant("web/martlet.yaml"))
    }

    @Test func `at the top the patterns alone decide`() {
        let rules = WatchRules(["src/"], context: "")
        #expect(rules.isRelevant("src/a"))
        #expect(!rules.isRelevant("docs/a"))
    }

    @Test func `patterns that only take away leave the rest`() {
        let rules = WatchRules(["!docs/", "!*.md"], context: "")
        #expect(rules.isRelevant("src/a"))
        #expect(!rules.isRelevant("docs/a"))
        #expect(!rules.isRelevant("README.md"))
    }

    @Test func `without patterns everything counts`() {
        #expect(WatchRules([], context: "api").isRelevant("web/x"))
    }
}

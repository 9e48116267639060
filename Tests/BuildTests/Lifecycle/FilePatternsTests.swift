import Foundation
import TestKit
import Testing

@testable import Build

@Suite struct FilePatternsTests {
    @Test(arguments: [
        ("*.md", "docs/a.md", true), ("/*.md", "docs/a.md", false), ("docs/", "docs", true),
        ("docs/", "src/docs", true), ("docs/", "docs/a.md", false), ("docs/**", "docs/deep/a.md", true),
        ("a/**/b", "a/x/y/b", true), (" b ", "b", true), ("# a", "# a", false),
    ])
    func `a pattern takes a path for itself, or not`(pattern: String, path: String, isTaken: Bool) {
        #expect(FilePatterns([pattern]).matches(path, isFolder: path.hasSuffix("docs")) == isTaken)
    }

    @Test func `the last pattern that matches counts`() {
        let patterns = FilePatterns(["*.md", "!README.md", "a", "!b/"])
        #expect(patterns.matches("a.md", isFolder: false))
        #expect(!patterns.matches("README.md", isFolder: false))
        #expect(patterns.matches("b/a", isFolder: false))
    }

    @Test(arguments: [
        ([], ["*.md", "docs/"], ["src/main.c", "src/main.h"]), (["src/*.c"], [], ["src/main.c"]),
        (["src/"], [], ["src/main.c", "src/main.h"]), (["/README.md"], [], ["README.md"]),
    ])
    func `what a plan leaves out is removed`(included: [String], excluded: [String], left: [String]) throws {
        let folder = try Scratch()
        defer { folder.remove() }
        for file in ["README.md", "docs/a.txt", "src/main.c", "src/main.h"] { try folder.write("app/\(file)", "") }
        var plan = BuildpackPlan()
        (plan.included, plan.excluded) = (included, excluded)
        try FilePatterns.apply(plan, to: "\(folder.path)/app")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/app").sorted()
        #expect(paths.filter { $0.contains(".") } == left)
    }
}

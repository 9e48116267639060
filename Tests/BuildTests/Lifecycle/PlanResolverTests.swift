import Testing

@testable import Build

@Suite struct PlanResolverTests {
    /// A buildpack in a few letters: `a: provides/requires | provides/requires`, with `?` when it is optional.
    struct Group: Sendable, CustomTestStringConvertible {
        let text: [String]
        /// Who builds, with what it provides and requires; nil when nothing fits.
        let result: String?

        init(_ text: String..., is result: String?) {
            self.text = text
            self.result = result
        }

        var testDescription: String { text.joined(separator: ", ") }

        var contributions: [PlanResolver.Contribution] {
            get throws {
                try text.map { line in
                    let parts = line.split(separator: ":")
                    let name = parts[0].filter { $0 != "?" }
                    let plans = (parts.count > 1 ? parts[1] : "").split(
                        separator: "|", omittingEmptySubsequences: false)
                    return .init(
                        DetectCandidate(buildpack: try Samples.buildpack(name), isOptional: parts[0].contains("?")),
                        ContributedPlan(plans.map(alternative)))
                }
            }
        }

        private func alternative(_ text: Substring) -> ContributedPlan.Alternative {
            let sides = text.split(separator: "/", omittingEmptySubsequences: false)
            return .init(
                provides: sides[0].map { String($0) },
                requires: sides.count > 1 ? sides[1].map { .init(name: String($0)) } : [])
        }
    }

    @Test(arguments: [
        Group("a", "b", is: "a b"), Group("a:x/", "b:/x", is: "a b"), Group("a:x/x", is: "a"),
        Group("a:/x", "b:x/", is: nil), Group("a:x/", "b", is: nil), Group("a:/x", is: nil),
        Group("a?:x/", "b", is: "b"), Group("a?:/x", "b", is: "b"), Group("a?:x/", is: nil),
        // Leaving out one optional buildpack may make another one useless.
        Group("a?:x/", "b?:y/x", "c", is: "c"), Group("a?:x/", "b?:y/xz", "c:z/z", is: "c"),
        // Alternatives, the last buildpack's first.
        Group("a:x/|y/", "b:/y", is: "a b"), Group("a:x/|", "b:/y|", is: "a b"), Group("a:x/", "b:/y|/z|/x", is: "a b"),
        Group("a:x/|y/", "b:/z|/w", is: nil), Group("a:x/", "b:x/", "c:/xx", is: "a b c"),
    ])
    func `a plan fits when all that is required is provided before, and the other way round`(group: Group) throws {
        switch try PlanResolver.resolve(group.contributions) {
        case .fits(let planned): #expect(planned.map(\.buildpack.id).joined(separator: " ") == group.result)
        case .fails: #expect(group.result == nil)
        }
    }

    @Test func `a group that does not fit says why`() throws {
        #expect(
            try PlanResolver.resolve(Group("a:/x", is: nil).contributions)
                == .fails("'a' requires 'x', which nothing up to it provides"))
        #expect(
            try PlanResolver.resolve(Group("a:x/", is: nil).contributions)
                == .fails("'a' provides 'x', which nothing from it on requires"))
    }

    @Test func `plans with too many combinations are given up`() throws {
        let many = "a:" + Array(repeating: "/q", count: 100).joined(separator: "|")
        let group = Group(many, many.replacing("a:", with: "b:"), many.replacing("a:", with: "c:"), is: nil)
        let contributions = try group.contributions
        #expect(throws: BuildError.self) { try PlanResolver.resolve(contributions) }
    }

    @Test func `a plan is read with its alternatives`() throws {
        let plan = try ContributedPlan(
            """
            [[provides]]
            name = "a"
            [[or]]
            [[or.requires]]
            name = "b"
            [or.requires.metadata]
            version = "1"
            """, name: "plan")
        #expect(
            plan.alternatives == [
                .init(provides: ["a"]), .init(requires: [.init(name: "b", metadata: ["version": .string("1")])]),
            ])
    }
}

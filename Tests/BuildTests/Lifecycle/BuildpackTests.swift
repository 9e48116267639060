import Testing

@testable import Build

@Suite struct BuildpackTests {
    @Test(arguments: ["0.8", "0.9", "0.10", "0.11", "0.12"])
    func `these versions of the API are spoken`(api: String) throws {
        #expect(try Samples.buildpack("a/b", api: api).descriptor.api.description == api)
    }

    @Test(arguments: ["0.4", "0.7", "0.13", "1.0", "1", "new"])
    func `a buildpack that asks for another API is refused by name`(api: String) {
        let message = "buildpack 'x/y@1.2' asks for Buildpack API \(api); this server speaks 0.8 to 0.12"
        let error = #expect(throws: BuildError.self) { try Samples.buildpack("x/y", version: "1.2", api: api) }
        #expect(error?.description == message)
    }

    @Test(arguments: ["", "..", "a//b", "../b", "a/..", "a b", "a\nb", "app", "config", "sbom", "ü"])
    func `an ID that is no name of a folder is refused`(id: String) {
        #expect(throws: BuildError.self) { try Samples.buildpack(id.replacing("\n", with: "\\n")) }
    }

    @Test func `an ID with slashes names one folder`() throws {
        let buildpack = try Samples.buildpack("a/b")
        #expect(buildpack.escapedID == "a_b")
        #expect(buildpack.containerFolder == "/cnb/buildpacks/a_b/1.0.0")
    }

    @Test(arguments: [
        ("", nil), ("[[targets]]\nos = \"linux\"", nil), ("[[targets]]\nos = \"windows\"", "it does not run on"),
        ("[[targets]]\narch = \"arm64\"\n[[targets]]\narch = \"amd64\"", nil),
        ("[[targets]]\n[[targets.distros]]\nname = \"ubuntu\"", "it does not run on"),
        ("[[targets]]\n[[targets.distros]]\nname = \"debian\"\nversion = \"12\"", nil),
        ("[[targets]]\n[[targets.distros]]\nname = \"debian\"\nversion = \"11\"", "it does not run on"),
        ("[[stacks]]\nid = \"*\"", nil), ("[[stacks]]\nid = \"test\"", nil),
        ("[[stacks]]\nid = \"other\"", "it runs on the stacks other"),
    ])
    func `a buildpack says where it runs`(toml: String, refusal: String?) throws {
        let found = Samples.environment.system.refusal(of: try Samples.buildpack("a/b", toml).descriptor)
        #expect(found == nil && refusal == nil || found?.hasPrefix(refusal ?? "-") == true)
    }

    @Test func `composite buildpacks become their groups, depth first`() throws {
        let order = { (groups: [[String]]) in
            groups.map { "[[order]]\n" + $0.map { "[[order.group]]\nid = \"\($0)\"\n" }.joined() }.joined()
        }
        let leaves = try ["a", "b", "c", "d", "e", "f", "g", "h"].map { try Samples.buildpack($0) }
        let composites = [
            try Samples.buildpack("o", order([["a", "b"], ["c", "d"]])),
            try Samples.buildpack("p", order([["e", "f"], ["g", "h"]])),
        ]
        let catalog = Samples.catalog(leaves + composites)
        let expanded = { (ids: [String]) in
            try catalog.groups([ids.map { BuildpackReference($0) }]).map { $0.map(\.buildpack.id).joined() }
        }
        #expect(try expanded(["e", "o", "f"]) == ["eabf", "ecdf"])
        #expect(try expanded(["o", "p"]) == ["abef", "abgh", "cdef", "cdgh"])
        #expect(try expanded(["a", "o"]) == ["ab", "acd"])
        let optional = try catalog.groups([[BuildpackReference(id: "o", isOptional: true), BuildpackReference("h")]])
        #expect(optional.map { $0.map(\.buildpack.id).joined() } == ["abh", "cdh", "h"])
    }

    @Test func `an order that contains itself, or what is not there, is refused`() throws {
        let loop = try Samples.buildpack("loop", "[[order]]\n[[order.group]]\nid = \"loop\"")
        let catalog = Samples.catalog([loop, try Samples.buildpack("a")])
        #expect(throws: BuildError("a composite buildpack contains itself")) {
            try catalog.groups([[BuildpackReference("loop")]])
        }
        #expect(throws: BuildError("no buildpack 'b'", hint: "there are: a, loop")) {
            try catalog.groups([[BuildpackReference("b")]])
        }
    }

    @Test func `without a version the newest is meant`() throws {
        let versions = try ["1.9.0", "1.10.0", "1.2.0"].map { try Samples.buildpack("a", version: $0) }
        let catalog = Samples.catalog(versions)
        #expect(catalog.find(BuildpackReference("a"))?.description == "a@1.10.0")
        #expect(catalog.find(BuildpackReference("a@1.2.0"))?.description == "a@1.2.0")
        #expect(catalog.find(BuildpackReference("a@2.0.0")) == nil)
    }
}

import Foundation
import TestKit
import Testing

@testable import Build

@Suite struct BuildPhaseTests {
    private func build(
        _ group: [PlannedBuildpack], in folder: Scratch, log: Lines = Lines(),
        _ answer: @escaping @Sendable (String, String) throws -> Int = { _, _ in 0 }
    ) async throws -> (built: [BuiltBuildpack], calls: [ScriptedContainer.Call]) {
        for planned in group { try folder.write("layers/\(planned.buildpack.escapedID)/.keep", "") }
        try folder.write("plans/.keep", "")
        let container = ScriptedContainer { [path = folder.path] in
            let id = $0.command[0].split(separator: "/")[2]
            return try answer(String(id), "\(path)/layers/\(id)")
        }
        let phase = BuildPhase(
            container: container, layers: UntrustedFolder(path: "\(folder.path)/layers"),
            plans: "\(folder.path)/plans", memory: 1 << 30, log: log)
        return (try await phase.build(group, environment: Samples.environment), container.all)
    }

    private func planned(_ id: String, provides: [String] = [], requires: [String] = []) throws -> PlannedBuildpack {
        PlannedBuildpack(
            buildpack: try Samples.buildpack(id),
            plan: .init(
                provides: provides, requires: requires.map { .init(name: $0, metadata: ["for": .string(id)]) }))
    }

    @Test func `each buildpack is asked for what it provides, until somebody meets it`() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let group = [
            try planned("a", provides: ["x", "y"]), try planned("b", provides: ["x", "y"], requires: ["x", "y"]),
        ]
        _ = try await build(group, in: folder) { id, layers in
            if id == "a" {
                try "[[unmet]]\nname = \"y\"".write(toFile: "\(layers)/build.toml", atomically: false, encoding: .utf8)
            }
            return 0
        }
        #expect(
            folder.text("plans/a.toml")
                == "[[entries]]\nname = \"x\"\n[entries.metadata]\nfor = \"b\"\n[[entries]]\nname = \"y\"\n"
                + "[entries.metadata]\nfor = \"b\"\n")
        #expect(folder.text("plans/b.toml") == "[[entries]]\nname = \"y\"\n[entries.metadata]\nfor = \"b\"\n")
    }

    @Test func `a build gets its folders as arguments and as variables`() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let log = Lines()
        let call = try #require(try await build([try planned("a/b")], in: folder, log: log).calls.first)
        #expect(
            call.command == [
                "/cnb/buildpacks/a_b/1.0.0/bin/build", "/layers/a_b", "/platform", "/cnb/plans/a_b.toml",
            ])
        #expect(call.environment["CNB_LAYERS_DIR"] == "/layers/a_b")
        #expect(call.environment["CNB_BP_PLAN_PATH"] == "/cnb/plans/a_b.toml")
        #expect(call.environment["CNB_STACK_ID"] == "test")
        #expect(log.all == ["       ran /cnb/buildpacks/a_b/1.0.0/bin/build"])
    }

    @Test func `layers without a type are hidden, and build layers reach the buildpacks that follow`() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let result = try await build([try planned("a"), try planned("b")], in: folder) { [folder] id, _ in
            guard id == "a" else { return 0 }
            for (layer, types) in [("shared", "build = true"), ("own", "cache = true"), ("none", "launch = false")] {
                try folder.write("layers/a/\(layer)/env/FROM_\(layer)", layer)
                try folder.write("layers/a/\(layer).toml", "[types]\n\(types)\n[metadata]\nk = 1")
            }
            try folder.write("layers/a/untold/x", "")
            try folder.write("layers/a/app.toml", "[types]\nlaunch = true\n")
            try folder.write("layers/a/store.toml", "[metadata]\nseen = 2\n")
            try folder.write("layers/a/own.sbom.cdx.json", "{}")
            return 0
        }
        let first = try #require(result.built.first)
        #expect(first.layers.keys.sorted() == ["app", "own", "shared"])
        #expect(first.launchLayers == ["app"])
        #expect(first.layers["own"]?.metadata == ["k": .integer(1)])
        #expect(first.store == ["seen": .integer(2)])
        #expect(folder.has("layers/a/none.ignore/env"))
        #expect(folder.has("layers/a/untold.ignore"))
        #expect(folder.has("layers/a/own/env"))
        let environment = try #require(result.calls.last).environment
        #expect(environment["FROM_shared"] == "shared")
        #expect(environment["FROM_own"] == nil)
        #expect(environment["FROM_none"] == nil)
    }

    @Test(arguments: [(1, "its last lines say why"), (137, "it was killed"), (127, "its 'bin/build', or a program")])
    func `a build that fails names its buildpack and exit code`(code: Int, hint: String) async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let group = [try planned("a/b")]
        let error = await #expect(throws: BuildError.self) { try await build(group, in: folder) { _, _ in code } }
        #expect(error?.description == "buildpack 'a/b@1.0.0' failed: 'bin/build' exited with \(code)")
        #expect(error?.hint?.hasPrefix(hint) == true)
    }

    @Test(arguments: [
        ("deps.toml", "[types\n", "buildpack 'a@1.0.0': 'deps.toml', line 1: "),
        ("launch.toml", "\n[[processes]]\n", "buildpack 'a@1.0.0': 'launch.toml' has no 'type'"),
        ("build.toml", "unmet = 1", "buildpack 'a@1.0.0': 'build.toml': 'unmet' must be an array of tables"),
        ("store.toml", "metadata = 1", "buildpack 'a@1.0.0': 'store.toml': 'metadata' must be a table"),
    ])
    func `a malformed file names its buildpack`(file: String, text: String, message: String) async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let group = [try planned("a")]
        let error = await #expect(throws: BuildError.self) {
            try await build(group, in: folder) { [folder] _, _ in
                try folder.write("layers/a/\(file)", text)
                return 0
            }
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
}

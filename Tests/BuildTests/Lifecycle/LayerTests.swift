import Foundation
import Glibc
import TestKit
import Testing

@testable import Build

@Suite struct LayerTests {
    @Test(arguments: [
        (EnvironmentChange.Operation.override, "", "new"), (.override, "old", "new"), (.default, "", "new"),
        (.default, "old", "old"), (.append, "", "new"), (.append, "old", "old-new"), (.prepend, "", "new"),
        (.prepend, "old", "new-old"),
    ])
    func `a change of a variable`(operation: EnvironmentChange.Operation, old: String, new: String) {
        var environment = ["X": old]
        EnvironmentChange("X", operation, "new", delimiter: "-").apply(to: &environment)
        #expect(environment["X"] == new)
    }

    private func changes(_ names: [String], _ phase: LayerEnvironment.Phase, _ folder: Scratch) throws -> LayerChanges {
        let environment = LayerEnvironment(layers: UntrustedFolder(path: folder.path), phase: phase)
        let effects = try names.map { ($0, try environment.effect(of: $0, "bp")) }
        return LayerEnvironment.changes(of: "bp", Dictionary(uniqueKeysWithValues: effects), phase: phase)
    }

    @Test func `the files of layers change variables in order`() throws {
        let folder = try Scratch()
        defer { folder.remove() }
        try folder.write("bp/a/env/LIST.append", "1")
        try folder.write("bp/a/env/LIST.delim", ",")
        try folder.write("bp/a/env.build/LIST.append", "2")
        try folder.write("bp/a/env.launch/LIST.append", "launch")
        try folder.write("bp/b/env/LIST.append", "3")
        try folder.write("bp/b/env/PLAIN", "no suffix\n")
        try folder.write("bp/b/env/FIRST.prepend", "p")
        try folder.write("bp/b/env/ODD.suffix", "ignored")
        try folder.write("bp/a/bin/tool", "")
        try folder.write("bp/b/bin/tool", "")
        try folder.write("bp/b/pkgconfig/x.pc", "")
        let changes = try changes(["b", "a"], .build, folder)
        var environment = BuildEnvironment(
            values: ["PATH": "/bin", "LIST": "0", "FIRST": "q"], configured: [:],
            system: BuildSystem(architecture: "amd64"))
        environment.apply(changes)
        #expect(environment.values["LIST"] == "0,1,23")
        #expect(environment.values["PLAIN"] == "no suffix\n")
        #expect(environment.values["FIRST"] == "pq")
        #expect(environment.values["ODD"] == nil)
        #expect(environment.values["PATH"] == "/layers/bp/a/bin:/layers/bp/b/bin:/bin")
        #expect(environment.values["PKG_CONFIG_PATH"] == "/layers/bp/b/pkgconfig")
    }

    @Test func `at launch only some paths count, and processes have files of their own`() throws {
        let folder = try Scratch()
        defer { folder.remove() }
        try folder.write("bp/a/lib/x.so", "")
        try folder.write("bp/a/env.build/X", "no")
        try folder.write("bp/a/env.launch/X", "all")
        try folder.write("bp/a/env.launch/web/X", "web")
        let changes = try changes(["a"], .launch, folder)
        #expect(changes.steps.map(\.change.name) == ["LD_LIBRARY_PATH", "X", "X"])
        #expect(changes.steps.map(\.process) == [nil, nil, "web"])
        #expect(changes.steps.map(\.change.value) == ["/layers/bp/a/lib", "all", "web"])
    }

    @Test func `processes are declared as the API has it`() throws {
        let old = try Samples.buildpack("a", api: "0.8")
        let new = try Samples.buildpack("a", api: "0.9")
        let oldProcess = try LaunchDeclaration(
            "[[processes]]\ntype = \"web\"\ncommand = \"run me\"\nargs = [\"x\"]\ndirect = true", name: "l", by: old)
        #expect(
            oldProcess.processes == [
                LaunchProcess(
                    type: "web", command: ["run me"], arguments: ["x"], hasReplaceableArguments: false, buildpack: "a")
            ])
        let newProcess = try LaunchDeclaration(
            "[[processes]]\ntype = \"web\"\ncommand = [\"run\", \"me\"]\ndefault = true", name: "l", by: new)
        #expect(
            newProcess.processes == [
                LaunchProcess(type: "web", command: ["run", "me"], isDefault: true, buildpack: "a")
            ])
        #expect(throws: BuildError.self) {
            try LaunchDeclaration("[[processes]]\ntype = \"web\"\ncommand = \"x\"", name: "l", by: new)
        }
        #expect(throws: BuildError.self) {
            try LaunchDeclaration("[[processes]]\ntype = \"../x\"\ncommand = [\"x\"]", name: "l", by: new)
        }
        let twice = "[[processes]]\ntype = \"a\"\ncommand = [\"x\"]\n"
        #expect(throws: BuildError("l declares a process type twice")) {
            try LaunchDeclaration(twice + twice, name: "l", by: new)
        }
    }

    @Test func `of processes and labels of the same name the last counts, and so does the last default`() {
        func declaration(_ type: String, isDefault: Bool, label: String) -> LaunchDeclaration {
            var declaration = LaunchDeclaration()
            declaration.processes = [LaunchProcess(type: type, command: [label], isDefault: isDefault)]
            declaration.labels = ["l": label]
            return declaration
        }
        let first = declaration("web", isDefault: true, label: "1")
        let second = declaration("worker", isDefault: true, label: "2")
        let third = declaration("worker", isDefault: false, label: "3")
        let both = LaunchDeclaration.combined([first, second])
        #expect(both.processes.map(\.type) == ["web", "worker"])
        #expect(both.defaultType == "worker")
        let all = LaunchDeclaration.combined([first, second, third])
        #expect(all.processes.map(\.command) == [["1"], ["3"]])
        #expect(all.defaultType == nil)
        #expect(all.labels == ["l": "3"])
    }

    @Test(arguments: [
        ("launch = true", false, true), ("cache = true", true, true), ("launch = true\ncache = true", true, true),
        ("build = true", false, false), ("launch = true\nbuild = true", false, false),
        ("build = true\ncache = true", true, true),
    ])
    func `what is found of a layer at the next build`(types: String, hasFolder: Bool, hasMetadata: Bool) async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        try folder.write("layers/a/deps/file", "x")
        try folder.write("layers/a/gone/file", "x")
        let buildpack = try Samples.buildpack("a")
        let content = try LayerContent("[types]\n\(types)\n[metadata]\nkey = \"v\"", name: "l")
        let cache = LayerCache(folder: "\(folder.path)/cache")
        let built = BuiltBuildpack(buildpack: buildpack, layers: ["deps": content])
        let record = BuildRecord(
            image: "sha256:1", diffIDs: ["sha256:2"],
            buildpacks: [
                "a": .init(
                    version: "1.0.0", store: ["n": .integer(1)],
                    layers: [
                        "deps": .init(content: content), "gone": .init(content: content),
                    ])
            ])
        try await cache.save(record, [built], from: UntrustedFolder(path: "\(folder.path)/layers"))
        #expect(cache.record() == record)
        try await cache.restore(buildpack, record, hasImage: true, to: "\(folder.path)/new")
        #expect(folder.has("new/deps") == hasFolder)
        #expect(folder.text("new/deps.toml") == (hasMetadata ? "[metadata]\nkey = \"v\"\n" : nil))
        #expect(folder.text("new/store.toml") == "[metadata]\nn = 1\n")
        // Its folder was not in the cache: neither it nor what was said of it comes back.
        #expect(folder.has("new/gone.toml") == (hasMetadata && !hasFolder))
        try await cache.restore(buildpack, record, hasImage: false, to: "\(folder.path)/imageless")
        #expect(folder.has("imageless/deps.toml") == hasFolder)
        try await cache.restore(buildpack, nil, hasImage: false, to: "\(folder.path)/fresh")
        #expect(!folder.has("fresh/store.toml"))
    }

    @Test func `a folder of strangers is read without following links or waiting for pipes`() throws {
        let folder = try Scratch()
        defer { folder.remove() }
        try folder.write("outside/secret", "no")
        try folder.write("in/file", "yes")
        try folder.write("in/deep/file", "yes")
        symlink("../outside/secret", "\(folder.path)/in/link")
        symlink("../outside", "\(folder.path)/in/folder")
        mkfifo("\(folder.path)/in/pipe", 0o644)
        let untrusted = UntrustedFolder(path: "\(folder.path)/in")
        #expect(try untrusted.text("file") == "yes")
        #expect(try untrusted.text("deep/file") == "yes")
        #expect(try untrusted.text("none") == nil)
        #expect(try untrusted.text("none/none") == nil)
        #expect(try untrusted.kind("link") == .other)
        #expect(try untrusted.entries("").map(\.name) == ["deep", "file", "folder", "link", "pipe"])
        for path in ["link", "folder/secret", "pipe", "../outside/secret", "deep"] {
            #expect(throws: BuildError.self, "\(path)") { try untrusted.text(path) }
        }
        #expect(throws: BuildError.self) { try untrusted.text("file", limit: 2) }
        #expect(throws: BuildError.self) { try untrusted.entries("folder") }
    }
}

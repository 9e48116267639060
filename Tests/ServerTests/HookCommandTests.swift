import Foundation
import Hooks
import TestKit
import Testing

@testable import Server

@Suite struct HookCommandTests {
    private static let library = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "hooks").path

    /// A data folder with no hooks yet.
    private struct Fixture {
        let scratch: Scratch
        let hooks: EnabledHooks
        let library: HookLibrary
        let commands: HookCommands

        init() throws {
            scratch = try Scratch()
            hooks = EnabledHooks(folder: try DataFolder(scratch.path).hooks)
            library = try HookLibrary(named: HookCommandTests.library)
            commands = HookCommands(
                try Configuration(environment: [
                    "MARTLET_CONFIG": "/dev/null", "MARTLET_DATA": scratch.path,
                    "MARTLET_HOOK_LIBRARY": HookCommandTests.library,
                ]))
        }
    }

    @Test func `every hook that comes with Martlet says when it runs and how it is configured`() throws {
        let fixture = try Fixture()
        defer { fixture.scratch.remove() }
        let scripts = try fixture.library.scripts()
        #expect(
            scripts.map(\.name)
                == ["post-webhook", "refuse-large-files", "refuse-secrets", "require-signed-commits"])
        for script in scripts {
            #expect(!script.kinds.isEmpty)
            #expect(script.usage.contains("\(script.name).conf"))
            #expect(FileManager.default.isExecutableFile(atPath: script.path))
        }
    }

    @Test func `an enabled hook is an executable copy in the folder of each of its kinds`() throws {
        let fixture = try Fixture()
        defer { fixture.scratch.remove() }
        #expect(try fixture.commands.run(["enable", "post-webhook"]) == 0)
        let files = try fixture.hooks.entries().map { "\($0.kind.folderName)/\($0.file)" }
        #expect(files == ["post-receive.d/50-post-webhook", "post-deploy.d/50-post-webhook"])
        for entry in try fixture.hooks.entries() {
            #expect(
                FileManager.default.contents(atPath: entry.path)
                    == (try fixture.library.script(named: "post-webhook").content))
        }
    }

    @Test func `enabled again it keeps its place or moves, but never runs twice`() throws {
        let fixture = try Fixture()
        defer { fixture.scratch.remove() }
        #expect(try fixture.commands.run(["enable", "refuse-secrets", "--as", "10"]) == 0)
        #expect(try fixture.commands.run(["enable", "refuse-secrets"]) == 0)
        #expect(try fixture.hooks.entries().map(\.file) == ["10-refuse-secrets"])
        #expect(try fixture.commands.run(["enable", "refuse-secrets", "--as", "90"]) == 0)
        #expect(try fixture.hooks.entries().map(\.file) == ["90-refuse-secrets"])
        #expect(try fixture.commands.run(["disable", "refuse-secrets"]) == 0)
        #expect(try fixture.hooks.entries().isEmpty)
        #expect(try fixture.commands.run(["disable", "refuse-secrets"]) == 1)
    }

    @Test func `what is not understood is refused with its own exit status`() throws {
        let fixture = try Fixture()
        defer { fixture.scratch.remove() }
        #expect(try fixture.commands.run([]) == 2)
        #expect(try fixture.commands.run(["enable", "nothing"]) == 2)
        #expect(try fixture.commands.run(["enable", "../../etc/passwd"]) == 2)
        #expect(try fixture.commands.run(["enable", "refuse-secrets", "--as", "1"]) == 2)
        #expect(try fixture.commands.run(["list"]) == 0)
        #expect(try fixture.hooks.entries().isEmpty)
    }
}

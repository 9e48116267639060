import Build
import Docker
import Foundation
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker")) struct StackImageTests {
    /// A recipe that makes empty images within a moment, once the file `go` is there, and counts how often.
    private final class Recipe: Sendable {
        let folder: String
        let stack: Stack

        init(failing: Bool = false) throws {
            let id = UUID().uuidString.lowercased()
            folder = NSTemporaryDirectory() + "stack-recipe-\(id)"
            stack = Stack(build: "stack-test-\(id):build", run: "stack-test-\(id):run")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let making = """
                for tag in run build; do
                    "$DOCKER" rmi "stack-test-\(id):$tag" > /dev/null 2>&1 || true
                    tar -cf - -T /dev/null |
                        "$DOCKER" import --change 'LABEL martlet.stack.version=abc' - "stack-test-\(id):$tag" > /dev/null
                done
                """
            let script = """
                #!/usr/bin/env bash
                set -euo pipefail
                [ "${1:-}" != --version ] || { echo abc; exit; }
                trap 'touch \(folder)/stopped; exit 143' TERM PIPE
                echo "started $*" | tee -a \(folder)/runs
                while [ ! -e \(folder)/go ]; do read -rt 0.05 < <(:) || true; sleep 0.05; done
                \(failing ? "echo 'cannot make the stack: no package; bake one'; exit 1" : making)
                """
            try Data(script.utf8).write(to: URL(filePath: "\(folder)/build"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/build")
        }

        func go() { #expect(FileManager.default.createFile(atPath: "\(folder)/go", contents: nil)) }

        var runs: Int {
            guard let content = FileManager.default.contents(atPath: "\(folder)/runs") else { return 0 }
            return content.count { $0 == UInt8(ascii: "\n") }
        }

        var isStopped: Bool { FileManager.default.fileExists(atPath: "\(folder)/stopped") }
    }

    private func withStack(
        failing: Bool = false, _ body: (StackImage, Recipe) async throws -> Void
    ) async throws {
        let recipe = try Recipe(failing: failing)
        defer { try? FileManager.default.removeItem(atPath: recipe.folder) }
        try await TestDocker.with { docker in
            let image = StackImage(
                docker: docker, socket: TestDocker.socket, recipe: recipe.folder, made: recipe.stack)
            try await body(image, recipe)
        } cleanUp: { docker in
            for name in [recipe.stack.build, recipe.stack.run] { try? await docker.removeImage(name) }
        }
    }

    @Test func `two who ask at once wait for one run of the recipe, and a third finds it done`() async throws {
        try await withStack { image, recipe in
            let first = Lines()
            let second = Lines()
            async let one = image.ensure(log: first)
            try await eventually("the recipe starts") { first.contains("started") }
            async let two = image.ensure(log: second)
            try await eventually("the second waits") { second.contains("Waiting for the stack image") }
            recipe.go()
            let stacks = try await [one, two]
            #expect(stacks.allSatisfy { $0.version == "abc" && $0.build == recipe.stack.build })
            let third = Lines()
            _ = try await image.ensure(log: third)
            #expect(third.all.isEmpty)
            #expect(recipe.runs == 1)
            let status = try await image.status()
            #expect(status.isReady)
            #expect(status.images.map(\.version) == ["abc", "abc"])
        }
    }

    @Test func `a stack that is there is made anew on demand`() async throws {
        try await withStack { image, recipe in
            recipe.go()
            _ = try await image.ensure(log: Lines())
            let log = Lines()
            _ = try await image.rebuild(log: log)
            #expect(log.contains("started --force"))
            #expect(recipe.runs == 2)
        }
    }

    @Test func `one who stops waiting leaves the making to the other, and the last one stops it`() async throws {
        try await withStack { image, recipe in
            let logs = [Lines(), Lines()]
            let tasks = logs.map { log in Task { try await image.ensure(log: log) } }
            try await eventually("both wait") {
                logs.contains { $0.contains("started") } && logs.allSatisfy { !$0.all.isEmpty }
            }
            tasks[0].cancel()
            await #expect(throws: CancellationError.self) { try await tasks[0].value }
            #expect(!recipe.isStopped)
            tasks[1].cancel()
            await #expect(throws: CancellationError.self) { try await tasks[1].value }
            try await eventually("the recipe stops") { recipe.isStopped }
        }
    }

    @Test func `a recipe that gives up says why`() async throws {
        try await withStack(failing: true) { image, recipe in
            recipe.go()
            let log = Lines()
            await #expect(throws: BuildError("cannot make the stack: no package; bake one")) {
                try await image.ensure(log: log)
            }
            let status = try await image.status()
            #expect(!status.isReady)
        }
    }

    @Test func `a configured image is used as it is, and a registry that does not answer is named`() async throws {
        try await TestDocker.with { docker in
            let there = Stack(build: TestDocker.image, run: TestDocker.image)
            let image = StackImage(docker: docker, socket: TestDocker.socket, recipe: nil, configured: there)
            let stack = try await image.ensure(log: Lines())
            #expect(stack == there)
            let missing = Stack(build: "127.0.0.1:9/stack:build", run: "127.0.0.1:9/stack:run")
            let absent = StackImage(docker: docker, socket: TestDocker.socket, recipe: nil, configured: missing)
            let error = await #expect(throws: BuildError.self) { try await absent.ensure(log: Lines()) }
            #expect(error?.description.hasPrefix("cannot pull image '127.0.0.1:9/stack:build': ") == true)
        }
    }
}

import Docker
import Foundation
import TestKit
import Testing

@testable import Build

@Suite(.enabled(if: Requirement.docker, "needs Docker")) struct CommandMethodTests {
    @Test func `commands run as a user of their own in the app's folder, and what they make is started`() async throws {
        let files = ["in": "text", "left/out": "kept", ".dockerignore": "left\n"]
        try await ImageFixture.with(files) { fixture in
            let image = try await fixture.build(
                .commands(
                    ["id -u; pwd; cat in > made", "touch $HOME/there /app/left/more"], start: "cat made left/out"))
            #expect(fixture.lines.all.contains("       1000"))
            #expect(fixture.lines.all.contains("       /app"))
            #expect(fixture.lines.all.contains("       Step 1/2: id -u; pwd; cat in > made"))
            #expect(image.user == "1000:1000")
            #expect(image.entrypoint == [])
            #expect(image.command == ["/bin/sh", "-c", "exec cat made left/out"])
            let output = try await fixture.output(of: [])
            #expect(output == "textkept")
        }
    }

    @Test(arguments: [
        #"printf '%s' "it's \"quoted\" \\ $((1 + 1)) \$x" > out"#, "printf '%s' 'a\nRUN echo b' > out",
        "printf '%s' 'a \\\nb' > out\n# RUN exit 1\nFROM=x", "printf '%s' \"$(cat <<EOF\nFROM x\nEOF\n)\" > out",
        "printf '%s' 'é \u{2028} ${PATH:+set} <<EOF ]' > out", "printf '%s' '# syntax=x' > out \\\n",
    ])
    func `a command is data, whatever stands in it`(command: String) async throws {
        let shell = try await Command(["/bin/sh", "-c", "\(command.replacingOccurrences(of: "> out", with: ""))"]).run()
        try await ImageFixture.with(["a": ""]) { fixture in
            _ = try await fixture.build(.commands([command]))
            let output = try await fixture.output(of: ["cat", "/app/out"])
            #expect(output == shell.output)
            #expect(!output.isEmpty)
        }
    }

    @Test func `commands have the config variables, the image has not, and a change runs them again`() async throws {
        try await ImageFixture.with(["a": ""]) { fixture in
            let method = BuildPlan.Method.commands([
                "test \"$TOKEN\" = \"it's\" && echo ran && ! touch /run/secrets/env"
            ])
            _ = try await fixture.build(method, variables: ["TOKEN": "it's"])
            #expect(fixture.lines.all.contains("       ran"))
            let environment = try await fixture.output(of: ["sh", "-c", "env; cat /run/secrets/env; ls /run"])
            #expect(!environment.contains("it's"))
            let history = try await Command([
                fixture.command.path, "-H", "unix://\(TestDocker.socket)", "history", "--no-trunc",
                fixture.source().imageName,
            ]).run()
            #expect(history.output.contains("TOKEN") && !history.output.contains("it's'"))
            _ = try await fixture.build(method, variables: ["TOKEN": "it's"])
            #expect(fixture.lines.all.contains("       the step was cached"))
            let error = try await fixture.failure(method, variables: ["TOKEN": "other"])
            #expect("\(error)".hasSuffix("exited with 1"))
        }
    }

    @Test func `a cache is kept from build to build, writable, and not in the image`() async throws {
        var plan = CommandPlan()
        plan.caches = ["/app/.cache"]
        plan.commands = ["cat .cache/file || true; touch $PIP_CACHE_DIR.probe; echo kept > .cache/file"]
        try await ImageFixture.with(["a": ""]) { fixture in
            _ = try await fixture.build(.command(plan))
            #expect(!fixture.lines.all.contains("       kept"))
            _ = try await fixture.build(.command(plan), noCache: true)
            #expect(fixture.lines.all.contains("       kept"))
            let listed = try await fixture.output(of: ["ls", "-A", "/app/.cache"])
            #expect(listed == "")
        }
    }

    @Test func `a failed command is named as it was written`() async throws {
        try await ImageFixture.with(["a": ""]) { fixture in
            let error = try await fixture.failure(.commands(["true", "echo one\nfalse\necho two"]))
            #expect("\(error)" == "'echo one false echo two' exited with 1")
            #expect(fixture.lines.all.last == "       one")
        }
    }

    @Test func `an image's own user is kept`() async throws {
        let base = "martlet-test-\(UUID().uuidString.lowercased())"
        try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\nUSER 1234\n"]) { fixture in
            let made = try await fixture.build(.plainDockerfile)
            try await fixture.docker.tagImage(made.id, as: base)
            var plan = CommandPlan()
            plan.base = base
            plan.commands = ["id -u; touch made"]
            let image = try? await fixture.build(.command(plan), noCache: true)
            try await fixture.docker.removeImage(base)
            #expect(image?.user == "1234:1234")
            #expect(fixture.lines.all.contains("       1234"))
        }
    }
}

import Docker
import Foundation
import Glibc
import Platform
import TestKit
import Testing

@testable import Build

@Suite(.enabled(if: Requirement.docker, "needs Docker")) struct DockerfileMethodTests {
    @Test func `an image is built, named, labelled, and says its port and health check`() async throws {
        try await ImageFixture.with([
            "api/Dockerfile":
                "FROM martlet/busybox\nCOPY . /files\nLABEL martlet.health=/up\nEXPOSE 9000 80/udp 7000\n",
            "api/.dockerignore": "secret\n", "api/secret": "s", "api/open": "o", "top": "t",
        ]) { fixture in
            let image = try await fixture.build(.plainDockerfile, context: "api")
            let health = try image.healthPath()
            #expect(image.webPort == 7000)
            #expect(health == "/up")
            #expect(image.labels["martlet.app"] == fixture.app.id.text)
            let files = try await fixture.output(of: ["ls", "-A", "/files"])
            #expect(files.split(separator: "\n") == [".dockerignore", "Dockerfile", "open"])
        }
    }

    @Test func `an ignore file beside the Dockerfile goes before the folder's`() async throws {
        var plan = DockerfilePlan()
        plan.file = "docker/web"
        plan.target = "first"
        let files = [
            "docker/web": "FROM martlet/busybox AS first\nCOPY . /files\nFROM first\nRUN exit 1\n",
            "docker/web.dockerignore": "b\ndocker\n", ".dockerignore": "a\n", "a": "", "b": "",
        ]
        try await ImageFixture.with(files) { fixture in
            _ = try await fixture.build(.dockerfile(plan))
            let listed = try await fixture.output(of: ["ls", "/files"])
            #expect(listed == "a\n")
        }
    }

    @Test func `config variables and certificates are secrets, and stay in no layer and no history`() async throws {
        let dockerfile = """
            FROM martlet/busybox
            ARG TOKEN
            RUN --mount=type=secret,id=TOKEN --mount=type=secret,id=env --mount=type=secret,id=ca,target=/ca \
                test "$(wc -c < /run/secrets/TOKEN)" = 14 \
                && . /run/secrets/env && test "$OTHER" = two && test "$TOKEN" = "$(cat /run/secrets/TOKEN)" && test -s /ca && test -z "$EMPTY"
            RUN test -z "$TOKEN" && ! ls /run/secrets/TOKEN
            """
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            _ = try await fixture.build(
                .plainDockerfile, variables: ["TOKEN": "it's, \"hidden\"", "OTHER": "two", "EMPTY": ""])
            #expect(fixture.lines.text.contains("RUN --mount=type=secret,id=TOKEN"))
            let history = try await Command([
                fixture.command.path, "-H", "unix://\(TestDocker.socket)", "history", "--no-trunc",
                fixture.source().imageName,
            ]).run()
            #expect(history.status == 0 && !history.output.contains("hidden"))
        }
    }

    @Test func `no folder and no link leads out of the repository`() async throws {
        try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\n"]) { fixture in
            symlink("/etc", "\(fixture.context)/link")
            var plan = DockerfilePlan()
            plan.file = "link/passwd"
            let file = try await fixture.failure(.dockerfile(plan))
            #expect("\(file)" == "the Dockerfile 'link/passwd' leads out of the repository")
            await #expect(
                throws: BuildError("the folder 'link' leads out of the repository", hint: "name one that is in it")
            ) {
                _ = try await fixture.build(.plainDockerfile, context: "link")
            }
            plan.file = "nowhere"
            let missing = try await fixture.failure(.dockerfile(plan))
            #expect("\(missing)" == "no Dockerfile 'nowhere' in the repository")
        }
    }

    @Test func `a failed step ends with its command, its status and a hint`() async throws {
        try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\nRUN echo before; nosuchprogram\n"]) {
            fixture in
            let error = try await fixture.failure(.plainDockerfile)
            #expect("\(error)" == "'RUN echo before; nosuchprogram' exited with 127")
            #expect(error.hint?.hasPrefix("command not found") == true)
            // Which of the two streams comes first is not for us to say.
            #expect(
                fixture.lines.all.suffix(2).sorted() == ["       /bin/sh: nosuchprogram: not found", "       before"])
        }
    }

    @Test func `a base image that nobody has is named, and those that are here are listed`() async throws {
        // A name under which no registry answers, not even one on this machine.
        let image = "127.0.0.1:1/none"
        try await ImageFixture.with(["Dockerfile": "FROM \(image)\n"]) { fixture in
            let error = try await fixture.failure(.plainDockerfile)
            #expect("\(error)".hasPrefix("the image '\(image):latest' cannot be had: "))
            #expect(error.hint?.contains("martlet/busybox") == true)
        }
    }

    @Test func `a repeated build tells how many of its steps were cached`() async throws {
        let dockerfile = "FROM martlet/busybox\nRUN echo \(UUID())\nRUN true\n"
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            _ = try await fixture.build(.plainDockerfile)
            #expect(fixture.lines.all.last == "       0 of 2 steps cached")
            _ = try await fixture.build(.plainDockerfile)
            #expect(fixture.lines.all.last == "       2 of 2 steps cached")
            _ = try await fixture.build(.plainDockerfile, noCache: true)
            #expect(fixture.lines.all.last == "       0 of 2 steps cached")
        }
    }

    @Test func `what programs print is harmless to terminals, and colours are kept`() async throws {
        let dockerfile = #"FROM martlet/busybox\#nRUN printf '\033[31mred\033[0m \033]0;title\007 \033[2J\n'"#
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            _ = try await fixture.build(.plainDockerfile, noCache: true)
            #expect(fixture.lines.text.contains("\u{1B}[31mred\u{1B}[0m ^[]0;title^G ^[[2J"))
        }
    }

    @Test func `a cancelled build's step is gone, even one that ignores signals`() async throws {
        let mark = "cancel-\(UUID())"
        let dockerfile =
            "FROM martlet/busybox\nRUN trap '' TERM INT HUP; echo started; while :; do sleep 1; : \(mark); done\n"
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            let build = Task { try await fixture.build(.plainDockerfile) }
            try await eventually("the step starts") { fixture.lines.all.contains("       started") }
            #expect(Processes.run(mark))
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            try await eventually(within: .seconds(5), "the step ends") { !Processes.run(mark) }
        }
    }

    @Test func `a build that takes too long is stopped`() async throws {
        let mark = "timeout-\(UUID())"
        var limits = BuildLimits()
        limits.time = .milliseconds(900)
        try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\nRUN sleep 60; : \(mark)\n"]) { fixture in
            let error = try await fixture.failure(.plainDockerfile, limits: limits)
            #expect("\(error)".hasPrefix("the build took longer than "))
            try await eventually(within: .seconds(5), "the step ends") { !Processes.run(mark) }
        }
    }

    @Test func `a flood of output ends, and what is missing is said`() async throws {
        let dockerfile = "FROM martlet/busybox\nRUN head -c 3000000 /dev/zero | tr '\\0' 'y' | fold -w 100\n"
        try await ImageFixture.with(["Dockerfile": dockerfile]) { fixture in
            _ = try await fixture.build(.plainDockerfile, noCache: true)
            #expect(fixture.lines.text.contains("(output left out: "))
        }
    }

    @Test func `two builds at once know nothing of each other`() async throws {
        try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\nRUN echo good\n"]) { good in
            try await ImageFixture.with(["Dockerfile": "FROM martlet/busybox\nRUN echo bad; exit 3\n"]) { bad in
                async let image = good.build(.plainDockerfile, noCache: true)
                async let error = bad.failure(.plainDockerfile, noCache: true)
                let (made, failed) = try await (image, error)
                #expect(made.labels["martlet.app"] == good.app.id.text)
                #expect("\(failed)" == "'RUN echo bad; exit 3' exited with 3")
                #expect(!good.lines.text.contains("bad"))
            }
        }
    }
}

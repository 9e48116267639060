import Foundation
import TestKit
import Testing

extension EndToEnd {
    /// What people push, whatever it is written in, and what they see.
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct BuildMethodTests {
        @Test func `apps without a Dockerfile are built by buildpacks, and answer`() async throws {
            let samples = [
                ("python-flask", "Hello from Flask"), ("python-plain", "Hello"), ("node-plain", "Hello"),
                ("ruby-plain", "Hello"), ("go-plain", "Hello"), ("php-plain", "Hello"),
            ]
            try await TestServer.with(["MARTLET_HEALTH_SECONDS": "20"]) { server in
                for (sample, page) in samples {
                    let push = try await TestClone(server, app: sample, sample: sample).push()
                    #expect(push.status == 0, "\(push)")
                    #expect(push.errors.contains("Building \(sample) with buildpacks"), "\(push)")
                    #expect(try await server.page(sample).output.contains(page), "\(sample)")
                }
                // What was installed is kept: a change of the code alone installs nothing.
                let clone = try await TestClone(server, app: "python-flask", sample: "python-flask")
                try await clone.git("fetch", "-q", "martlet")
                try await clone.git("reset", "-q", "--soft", "martlet/main")
                let app = try String(contentsOfFile: "\(clone.path)/app.py", encoding: .utf8)
                try await clone.write("app.py", app.replacing("Hello from Flask", with: "Changed"))
                let again = try await clone.push()
                #expect(again.status == 0, "\(again)")
                #expect(!again.errors.contains("Collecting"), "\(again)")
                #expect(try await server.page("python-flask").output == "Changed\n\n200")
                #expect(try await server.ssh("builds cache clear python-flask").status == 0)
            }
        }

        @Test func `a Procfile says what runs`() async throws {
            try await TestServer.with(["MARTLET_HEALTH_SECONDS": "20"]) { server in
                let push = try await TestClone(server, app: "shop", sample: "procfile").push()
                #expect(push.status == 0, "\(push)")
                #expect(push.errors.contains("processes: web, "), "\(push)")
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
            }
        }

        @Test func `base image, build commands and start command make an app that is not root`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop")
                try await clone.write(".dockerignore", "*\n")
                try await clone.write("page", "made of ")
                try await clone.write(
                    "martlet.yaml",
                    """
                    build:
                      base: martlet/busybox
                      commands:
                        - mkdir www && cp page www/index.html
                        - echo "$SECRET" | md5sum >> www/index.html; id -u >> www/index.html
                      start: exec httpd -f -p $PORT -h www

                    """)
                let set = try await server.ssh("config set shop SECRET=hunter2 --build")
                #expect(set.status == 1, "the app is not there yet: \(set)")
                #expect(try await server.ssh("apps create shop").status == 0)
                #expect(try await server.ssh("config set shop SECRET=hunter2 --build").status == 0)
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(push.errors.contains("Building shop with commands"), "\(push)")
                // md5sum of "hunter2\n", and the user.
                let page = try await server.page("shop").output
                #expect(page == "made of 6a0f0731d84afa4082031e3a72354991  -\n1000\n\n200", "\(page)")
                let history = try await Command([
                    "/usr/bin/docker", "history", "--no-trunc",
                    try await server.sql("select product->>'image' from builds"),
                ]).run()
                #expect(history.status == 0)
                #expect(!history.output.contains("hunter2"))
                let empty = try await clone.push("-o", "no-cache", "martlet", "main:other")
                #expect(empty.status == 0)
            }
        }

        @Test func `what is nothing says what was looked for, and a wrong file where it is wrong`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop")
                try await clone.write("notes.txt", "nothing to run\n")
                let nothing = try await clone.push()
                #expect(nothing.status == 1)
                #expect(nothing.errors.contains("looked for: martlet.yaml"), "\(nothing)")
                #expect(nothing.errors.contains("martlet/python@1.0.0: fail"), "\(nothing)")
                try await clone.write("martlet.yaml", "build:\n  metod: command\n")
                let wrong = try await clone.push()
                #expect(wrong.errors.contains("martlet.yaml:2: 'metod'"), "\(wrong)")
                #expect(wrong.errors.contains("did you mean 'method'"), "\(wrong)")
            }
        }

        @Test func `in a monorepo a folder is built, and only when something of it changed`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "api")
                try FileManager.default.createDirectory(
                    atPath: "\(clone.path)/services/api", withIntermediateDirectories: true)
                try await clone.write("services/api/index.html", "api\n")
                try await clone.write(
                    "services/api/Dockerfile",
                    "FROM martlet/busybox\nCOPY index.html /www/\nEXPOSE 5000\nCMD [\"httpd\",\"-f\",\"-p\",\"5000\",\"-h\",\"/www\"]\n"
                )
                try await clone.write(
                    "martlet.yaml", "build:\n  context: services/api\n  watch: [shared/]\n")
                let first = try await clone.push()
                #expect(first.status == 0, "\(first)")
                try await clone.write("README.md", "not of the api\n")
                let second = try await clone.push()
                #expect(second.status == 0, "\(second)")
                #expect(second.errors.contains("Nothing to deploy: "), "\(second)")
                #expect(second.errors.contains("v1 goes on"), "\(second)")
                #expect(try await server.reference("refs/heads/main", of: "api") == clone.head())
                try await clone.write("services/api/index.html", "changed\n")
                #expect(try await clone.push().errors.contains("v2 is live"))
                #expect(try await server.page("api").output == "changed\n\n200")
            }
        }

        @Test func `settings by SSH say how to build where the repository does not`() async throws {
            try await TestServer.with { server in
                #expect(try await server.ssh("apps create shop").status == 0)
                let set = try await server.ssh(
                    "builds set shop base=martlet/busybox 'commands=mkdir www; echo hi > www/index.html' 'start=httpd -f -p $PORT -h www'"
                )
                #expect(set.status == 0, "\(set)")
                let clone = try await TestClone(server, app: "shop")
                try await clone.write("README", "nothing here\n")
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(try await server.page("shop").output == "hi\n\n200")
                #expect(try await server.ssh("builds set shop colour=blue").status == 2)
            }
        }
    }
}

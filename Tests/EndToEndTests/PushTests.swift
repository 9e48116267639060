import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct PushTests {
        @Test func `a pushed app is served, and a second push replaces it`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "hello", sample: "hello")
                let push = try await clone.push("-o", "message=first one")
                #expect(push.status == 0, "\(push)")
                #expect(push.errors.contains("remote: -----> Building hello from its Dockerfile"))
                #expect(push.errors.contains("remote: =====> v1 is live: http://hello.localhost:\(server.httpPort)"))
                #expect(push.errors.contains("main -> main"))
                #expect(try await server.page("hello").output.contains("Hello from Martlet"))

                let again = try await clone.push()
                #expect(again.errors.contains("Everything up-to-date"))

                try await clone.write("index.html", "second page\n")
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("hello").output == "second page\n\n200")
                let releases = try await server.ssh("releases list hello")
                #expect(releases.output.contains("v2       live"))
                #expect(releases.output.contains("v1       retired"))
                #expect(releases.output.contains("first one"))
            }
        }

        @Test func `a failed build rejects the push, leaves the old release, and can be tried again`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                let live = try await clone.head()
                try await clone.use("build-fails")
                for _ in 1...2 {
                    let push = try await clone.push()
                    #expect(push.status == 1)
                    #expect(push.errors.contains("remote:        error: no such thing"))
                    #expect(push.errors.contains("exited with 7"))
                    #expect(push.errors.contains("! [remote rejected] main -> main (build failed)"), "\(push)")
                }
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                #expect(try await server.reference("refs/heads/main", of: "shop") == live)
                let builds = try await server.ssh("builds list shop")
                #expect(builds.output.contains("3      failed"))
                #expect(try await server.ssh("builds log shop 2").output.contains("compiling the impossible"))
            }
        }

        @Test func `a release that does not become healthy is rejected with its last words`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                for (sample, reason) in [
                    ("crashes", "web.1 exited with 3 while it started"),
                    ("never-healthy", "web.1 did not become healthy within 4 s: nothing listens on port 5000"),
                    ("healthcheck", "GET /missing answered 404"),
                ] {
                    try await clone.use(sample)
                    let push = try await clone.push()
                    #expect(push.status == 1)
                    #expect(push.errors.contains(reason), "\(push)")
                    #expect(push.errors.contains("v1 still serves"))
                    #expect(push.errors.contains("(release failed)"))
                    if sample == "crashes" { #expect(push.errors.contains("cannot find my configuration")) }
                }
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                #expect(try await server.containers().count == 1)
            }
        }

        @Test func `a Python app with an HTTP health check is served`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "snake", sample: "python")
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(try await server.page("snake").output == "Hello from Python, release v1\n\n200")
            }
        }

        @Test func `only the deploy branch deploys, and it cannot be deleted`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                try await clone.git("tag", "-a", "-m", "one", "v1.0")
                let others = try await clone.push("martlet", "main:feature", "v1.0")
                #expect(others.status == 0, "\(others)")
                #expect(others.errors.contains("only 'main' deploys"))
                #expect(try await clone.push("martlet", "--delete", "feature").status == 0)
                let delete = try await clone.push("martlet", "--delete", "main")
                #expect(delete.errors.contains("(deletion of the current branch prohibited)"))
                #expect(try await server.ssh("releases list shop").output.contains("v1"))
                #expect(try await !server.ssh("releases list shop").output.contains("v2"))
            }
        }

        @Test func `a first push of master or of one other branch makes that the deploy branch`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "old", sample: "hello")
                let push = try await clone.push("martlet", "main:master")
                #expect(push.status == 0)
                #expect(push.errors.contains("'master' becomes the deploy branch of old"))
                #expect(try await server.ssh("apps info old").output.contains("deploy branch  master"))
            }
        }

        @Test func `an atomic push moves all references or none`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "build-fails")
                let failed = try await clone.push("--atomic", "martlet", "main", "main:other")
                #expect(failed.status == 1)
                #expect(failed.errors.contains("main -> other (atomic push failure)"), "\(failed)")
                #expect(try await server.reference("refs/heads/other", of: "shop") == "")
                try await clone.use("hello")
                #expect(try await clone.push("--atomic", "martlet", "main", "main:other").status == 0)
                #expect(try await server.reference("refs/heads/other", of: "shop") == clone.head())
            }
        }

        @Test func `an unknown push option is refused with what to do`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                let option = try await clone.push("-o", "fast")
                #expect(
                    option.errors.contains("unknown push option 'fast'; use detach, no-cache, plan or message=TEXT"))
            }
        }

        @Test func `an old process that ignores SIGTERM is removed after the stop timeout, not on the push`()
            async throws
        {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "slow", sample: "slow-stop")
                #expect(try await clone.push().status == 0)
                try await clone.use("hello")
                #expect(try await clone.push().status == 0)
                #expect(try await server.containers().count == 2)
                try await eventually("one container is left") { try await server.containers().count == 1 }
            }
        }
    }
}

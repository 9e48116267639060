import Foundation
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct ReleaseTests {
        @Test func `config makes releases, and a rollback brings back image, config and branch`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                let first = try await clone.head()
                let set = try await server.ssh("config set shop GREETING=hello")
                #expect(set.status == 0 && set.text.contains("=====> v2 is live"), "\(set)")
                #expect(try await server.page("shop").output.hasPrefix("one hello v2 web.1\n"))

                try await clone.write("version", "two\n")
                #expect(try await server.ssh("config set shop GREETING=bonjour --stage").status == 0)
                #expect(try await server.page("shop").output.hasPrefix("one hello v2"))
                #expect(try await server.ssh("config list shop").output.contains("changed"))
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("shop").output.hasPrefix("two bonjour v3"))

                #expect(try await server.ssh("config set shop GREETING=ahoj OTHER=x --stage").status == 0)
                let back = try await server.ssh("rollback shop")
                #expect(back.status == 0 && back.text.contains("=====> v4 is live"), "\(back)")
                #expect(try await server.page("shop").output.hasPrefix("one hello v4"))
                #expect(try await server.reference("refs/heads/main", of: "shop") == first)
                // What is staged is for the next deploy.
                #expect(try await server.ssh("config get shop GREETING").output == "ahoj\n")
                #expect(try await server.ssh("config unset shop OTHER --stage").status == 0)
                #expect(try await server.ssh("config set shop GREETING=hello --stage").status == 0)
                #expect(try await server.ssh("config list shop").output.contains("changed") == false)
                let list = try await server.ssh("releases list shop").output
                #expect(list.contains("rollback to v2") && list.contains("set GREETING"), "\(list)")

                #expect(try await server.ssh("rollback shop v3 --image-only").status == 0)
                #expect(try await server.page("shop").output.hasPrefix("two hello v5"))
                #expect(try await server.ssh("rollback shop v3 --config-only").status == 0)
                #expect(try await server.page("shop").output.hasPrefix("two bonjour v6"))
                let diff = try await server.ssh("releases diff shop v4 v6").output
                #expect(diff.contains("GREETING") && !diff.contains("bonjour"), "\(diff)")
                let none = try await server.ssh("rollback shop v9")
                #expect(none.status == 1 && none.errors.contains("has no release v9"), "\(none)")
                let events = try await server.ssh("events shop").output
                #expect(events.contains("shop build 1: commit \(first.prefix(7))"), "\(events)")
                #expect(events.contains("v3 is live") && events.contains("shop run 4: rollback to v2"), "\(events)")
                #expect(events.contains("queued as run ") && !events.contains("bonjour"), "\(events)")
                #expect(try await server.leftovers(in: "shop") == [])
            }
        }

        @Test func `a variable that is unset has the repository's value again, at once`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                try await clone.write("martlet.yaml", "variables: {GREETING: declared}\n")
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("shop").output.hasPrefix("one declared v1"))
                #expect(try await server.ssh("config set shop GREETING=own").status == 0)
                #expect(try await server.page("shop").output.hasPrefix("one own v2"))
                let unset = try await server.ssh("config unset shop GREETING")
                #expect(unset.status == 0 && unset.text.contains("v3 is live"), "\(unset)")
                #expect(try await server.page("shop").output.hasPrefix("one declared v3"))
            }
        }

        @Test func `a rollback takes its second while a build takes longer, which then goes on from it`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                #expect(try await server.ssh("config set shop GREETING=wrong").status == 0)
                let dockerfile = try String(contentsOfFile: "\(clone.path)/Dockerfile", encoding: .utf8)
                try await clone.write("version", "two\n")
                try await clone.write("Dockerfile", dockerfile + "RUN echo working; sleep 8 # \(UUID())\n")
                let push = try clone.startPush()
                try await push.prints("working")
                #expect(try await server.ssh("rollback shop").status == 0)
                #expect(try await server.sql("select number from builds where stage = 'building'") == "3")
                #expect(try await server.page("shop").output.hasPrefix("one nothing v3"))
                let result = try await push.result()
                #expect(result.status == 0, "\(result)")
                #expect(try await server.page("shop").output.hasPrefix("two nothing v4"))
            }
        }

        @Test func `a release command sees the new image and config, and its failure changes nothing`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                let release = "echo releasing $(cat /app/version) $GREETING with $TOKEN; exit ${CODE:-0}"
                try await clone.write("Procfile", "web: sh /app/web\nrelease: \(release)\n")
                #expect(try await clone.push().errors.contains("remote:        releasing one"))
                #expect(
                    try await server.ssh("config set shop GREETING=hi CODE=3 TOKEN=supersecret5 --stage").status == 0)
                try await clone.write("version", "two\n")
                let failed = try await clone.push()
                #expect(failed.status == 1)
                #expect(failed.errors.contains("releasing two hi with ********"), "\(failed)")
                #expect(try await !server.ssh("builds log shop").text.contains("supersecret5"))
                #expect(failed.errors.contains("the release command exited with 3; v1 still serves"), "\(failed)")
                #expect(failed.errors.contains("[remote rejected] main -> main (release failed)"))
                #expect(try await server.page("shop").output.hasPrefix("one nothing v1"))
                #expect(try await server.ssh("config set shop CODE=0").status == 0)
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("shop").output.hasPrefix("two hi"))
            }
        }

        @Test func `a migration that old code cannot work with closes the app, until the new code serves`()
            async throws
        {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                #expect(try await server.ssh("ps scale shop worker=1").status == 0)
                try await clone.write("version", "two\n")
                try await clone.write(
                    "martlet.yaml",
                    """
                    migrate:
                      status: test -e /nowhere
                      up: echo migrating; sleep 2; exit ${CODE:-0}
                      compatible: false
                    """)
                let push = try clone.startPush()
                try await push.prints("migrating")
                let closed = try await server.page("shop")
                #expect(closed.output.hasSuffix("\n503"), "\(closed)")
                #expect(try await push.result().status == 0, "\(push.text)")
                #expect(push.text.contains("stopping worker.1"), "\(push.text)")
                #expect(try await server.page("shop").output.hasPrefix("two nothing"))

                #expect(try await server.ssh("config set shop CODE=4 --stage").status == 0)
                try await clone.write("version", "three\n")
                let failed = try await clone.push()
                #expect(failed.status == 1 && failed.errors.contains("the migration exited with 4"), "\(failed)")
                #expect(try await server.page("shop").output.hasPrefix("two nothing"))
                #expect(try await server.ssh("ps list shop").output.contains("worker"))
                try await eventually("the old worker runs again") {
                    try await server.sql("select count(*) from processes where type = 'worker' and state = 'running'")
                        == "1"
                }
                // A rollback migrates nothing: with this config the migration would fail.
                #expect(try await server.ssh("rollback shop v1").status == 0)
                let back = try await server.ssh("rollback shop v2 --image-only")
                #expect(back.status == 0 && !back.text.contains("igrating"), "\(back)")
                #expect(try await server.page("shop").output.hasPrefix("two nothing"))
            }
        }

        @Test func `a canary gets its share, is promoted or goes away`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                try await clone.write("version", "two\n")
                #expect(try await clone.push("martlet", "main:next").status == 0)
                let canary = try await server.ssh("deploy shop next --canary 50")
                #expect(canary.status == 0 && canary.text.contains("v2 gets 50 % of the requests"), "\(canary)")
                var seen: Set<String> = []
                for _ in 0..<20 { seen.insert(String(try await server.page("shop").output.prefix(3))) }
                #expect(seen == ["one", "two"])
                let abort = try await server.ssh("abort shop")
                #expect(abort.status == 0 && abort.text.contains("v1 gets all requests"), "\(abort)")
                for _ in 0..<6 { #expect(try await server.page("shop").output.hasPrefix("one")) }

                #expect(try await server.ssh("deploy shop next --canary 10").status == 0)
                let promoted = try await server.ssh("promote shop")
                #expect(promoted.status == 0 && promoted.text.contains("v3 is live"), "\(promoted)")
                for _ in 0..<6 { #expect(try await server.page("shop").output.hasPrefix("two")) }
                let head = try await clone.head()
                #expect(try await server.reference("refs/heads/main", of: "shop") == head)

                #expect(try await server.ssh("deploy shop next --canary 10").status == 0)
                try await clone.write("version", "three\n")
                let push = try await clone.push()
                #expect(push.status == 0 && push.errors.contains("the canary v4 has ended"), "\(push)")
                #expect(try await server.ssh("releases list shop").output.contains("v4       ended canary"))
                #expect(try await server.ssh("events shop").output.contains("v4 is a canary"))
            }
        }

        @Test func `a release that does not do well gives way by itself, and its people are told`() async throws {
            try await TestServer.with(["MARTLET_GUARD_SECONDS": "60"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                let first = try await clone.head()
                try await clone.write("version", "two\n")
                try await clone.write("web", "httpd -p $PORT -h /app; sleep 3; exit 1\n")
                #expect(try await clone.push().status == 0)
                try await eventually(within: .seconds(50), "v3 is live") {
                    try await server.sql("select number from releases where status = 'live'") == "3"
                }
                #expect(try await server.page("shop").output.hasPrefix("one nothing v3"))
                #expect(try await server.reference("refs/heads/main", of: "shop") == first)
                let told = try await server.ssh("ps list shop")
                #expect(told.errors.contains("v2 did not do well"), "\(told)")
                #expect(try await !server.ssh("ps list shop").errors.contains("v2 did not do well"))
                #expect(try await server.ssh("events shop").output.contains("going back to v1"))
            }
        }

        @Test func `what was never watched to the end is not gone back to while something else was`() async throws {
            try await TestServer.with(["MARTLET_GUARD_SECONDS": "60"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                _ = try await server.sql("update releases set guard_until = now() - interval '1 second'")
                try await clone.write("version", "two\n")
                #expect(try await clone.push().status == 0)
                try await clone.write("version", "three\n")
                try await clone.write("web", "httpd -p $PORT -h /app; sleep 3; exit 1\n")
                #expect(try await clone.push().status == 0)
                try await eventually(within: .seconds(50), "v4 is live") {
                    try await server.sql("select number from releases where status = 'live'") == "4"
                }
                #expect(try await server.page("shop").output.hasPrefix("one nothing v4"))
            }
        }

        @Test func `one that is not alive, however often it is started anew, gives way as well`() async throws {
            try await TestServer.with(["MARTLET_GUARD_SECONDS": "60"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                try await clone.write(
                    "martlet.yaml",
                    """
                    processes:
                      web:
                        command: sh /app/web
                        quantity: 3
                        health: {liveness: {command: test ! -e /tmp/dead, interval: 1s, attempts: 2}}
                    """)
                // The processes of a new app start at once, and share a network that nobody has made yet.
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                try await clone.write("web", "touch /tmp/dead; exec httpd -f -p $PORT -h /app\n")
                #expect(try await clone.push().status == 0)
                try await eventually(within: .seconds(50), "v3 is live") {
                    try await server.sql("select number from releases where status = 'live'") == "3"
                }
                #expect(try await server.page("shop").output.hasPrefix("one nothing v3"))
                let events = try await server.ssh("events shop").output
                #expect(events.contains("processes.restart") && events.contains("going back to v1"), "\(events)")
            }
        }
    }
}

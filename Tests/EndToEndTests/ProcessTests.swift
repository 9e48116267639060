import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct ProcessTests {
        /// How many processes of a type run.
        private func running(_ type: String, _ server: TestServer) async throws -> String {
            try await server.sql("select count(*) from processes where type = '\(type)' and state = 'running'")
        }

        /// The containers of those that run.
        private func containers(_ server: TestServer) async throws -> Set<Substring> {
            let list = try await server.sql("select string_agg(container, ' ') from processes where state = 'running'")
            return Set(list.split(separator: " "))
        }

        @Test func `types are scaled, restarted, stopped and started, and those that vanish end`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                let push = try await clone.push()
                #expect(push.errors.contains("not started: worker; 'ps scale shop worker=1' does"), "\(push)")
                let scaled = try await server.ssh("ps scale shop web=2 worker=1")
                #expect(scaled.status == 0 && scaled.text.contains("web.2 is healthy"), "\(scaled)")
                var seen: Set<String> = []
                for _ in 0..<10 { seen.insert(try await server.page("shop").output) }
                #expect(seen == ["one nothing v1 web.1\n\n200", "one nothing v1 web.2\n\n200"])
                #expect(try await running("worker", server) == "1")

                let before = try await containers(server)
                let restarted = try await server.ssh("ps restart shop web")
                #expect(restarted.status == 0, "\(restarted)")
                #expect(try await before.intersection(containers(server)).count == 1)

                #expect(try await server.ssh("ps stop shop").status == 0)
                #expect(try await server.page("shop").output.hasSuffix("\n503"))
                try await eventually("nothing runs") { try await server.containers() == [] }
                #expect(try await server.ssh("ps start shop").status == 0)
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                #expect(try await running("web", server) == "2")

                try await clone.write("Procfile", "web: sh /app/web\n")
                #expect(try await clone.push().status == 0)
                try await eventually("the worker has ended") { try await server.containers().count == 2 }
                let unknown = try await server.ssh("ps scale shop wrker=1")
                #expect(unknown.status == 1 && unknown.text.contains("no processes of type 'wrker'"), "\(unknown)")
            }
        }

        @Test func `what a new process fails at leaves the old ones alone`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                try await clone.write("Procfile", "web: sh /app/web\nclock: sh /app/worker\n")
                try await clone.write(
                    "martlet.yaml",
                    """
                    processes:
                      web: 'test -z "$BROKEN" && sh /app/web'
                      clock: {command: sh /app/worker, quantity: 1, strategy: exclusive, health: {uptime: 1s}}
                    """)
                #expect(try await clone.push().status == 0)
                let before = try await containers(server)
                let broken = try await server.ssh("config set shop BROKEN=1")
                #expect(broken.status == 1 && broken.text.contains("web.1 exited with 1"), "\(broken)")
                #expect(try await server.page("shop").output.hasPrefix("one nothing v1"))
                let twice = try await server.ssh("ps scale shop clock=2")
                #expect(twice.status == 1 && twice.text.contains("there is never more than one of it"), "\(twice)")
                #expect(try await containers(server) == before)
                #expect(try await server.ssh("config unset shop BROKEN").status == 0)
                #expect(try await server.ssh("ps restart shop clock").status == 0)
                #expect(try await running("clock", server) == "1")
            }
        }

        @Test func `a volume outlives releases, whose processes take turns`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                #expect(try await server.ssh("volumes add shop data:/data").status == 0)
                let script = "echo $MARTLET_RELEASE >> /data/index.html; exec httpd -f -p $PORT -h /data\n"
                try await clone.write("web", script)
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(push.errors.contains("stopping web.1, which cannot run beside a new one"), "\(push)")
                #expect(try await server.ssh("config set shop A=1").status == 0)
                #expect(try await server.page("shop").output == "v2\nv3\n\n200")
            }
        }

        @Test func `what cannot come back is listed with the reason`() async throws {
            try await TestServer.with(expectingErrors: true) { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                let image = try await server.sql("select product ->> 'image' from releases")
                await server.signal(SIGKILL)
                _ = try await server.ended()
                #expect(try await server.docker("rm", "-f", server.containers()[0]).status == 0)
                #expect(try await server.docker("rmi", "-f", image).status == 0)
                try await server.start()
                try await eventually("the list says why") {
                    let list = try await server.ssh("ps list shop").output
                    return list.contains("missing") && list.contains("is gone; push again")
                }
                #expect(try await clone.push("--force-with-lease").errors.contains("Everything up-to-date"))
                #expect(try await server.ssh("builds retry shop --no-cache").status == 0)
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
            }
        }

        @Test func `what is healthy again takes requests, whatever else is still being started`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                try await clone.write(
                    "martlet.yaml",
                    """
                    processes:
                      web: {command: sh /app/web}
                      worker: {command: sleep 1000, quantity: 2, health: {uptime: 12s}}
                    """)
                #expect(try await clone.push().status == 0)
                let killed = try await server.containers()
                #expect(try await server.docker("rm", "--force", killed[0], killed[1], killed[2]).status == 0)
                try await eventually(within: .seconds(30), "the page is back before its workers count as healthy") {
                    let isBack = try await server.page("shop").output.hasSuffix("\n200")
                    let starting = try await server.sql(
                        "select count(*) from processes where type = 'worker' and state = 'starting'")
                    return isBack && starting == "2"
                }
            }
        }

        @Test func `what is removed or killed by hand comes back`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                #expect(try await server.ssh("ps scale shop web=2").status == 0)
                let containers = try await server.containers()
                _ = try await Command(["/usr/bin/docker", "rm", "-f", containers[0]]).run()
                _ = try await Command(["/usr/bin/docker", "kill", containers[1]]).run()
                try await eventually(within: .seconds(20), "both run again") {
                    let now = try await server.containers()
                    let page = try await server.page("shop").output
                    return now.count == 2 && !now.contains(containers[0]) && page.hasSuffix("\n200")
                }
                let pid = try String(contentsOfFile: "\(server.data)/nginx/nginx.pid", encoding: .utf8)
                let nginx = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
                kill(nginx, SIGKILL)
                _ = try await server.ssh("ps restart shop")
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
            }
        }
    }
}

import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct SurvivalTests {
        @Test func `killed while a pack streams, it leaves nothing and the next push works`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                let noise = try await Command(["head", "-c", "60000000", "/dev/urandom"]).output(
                    to: "\(clone.path)/noise")
                #expect(noise.status == 0)
                try await clone.git("add", "--all")
                try await clone.git("commit", "-q", "-m", "noise")
                let push = try clone.startPush()
                let objects = "\(try await server.repository(of: "shop"))/objects"
                try await eventually("a pack streams in") {
                    try FileManager.default.contentsOfDirectory(atPath: objects).contains { $0.hasPrefix("incoming-") }
                }
                try await server.crashAndRestart()
                #expect(try await push.result().status != 0)
                #expect(try await server.leftovers(in: "shop") == [])
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                let again = try await clone.push()
                #expect(again.status == 0, "\(again)")
                try await server.checkRepository(of: "shop")
            }
        }

        @Test func `killed while a build runs, it records the failure and the next push works`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                try await clone.use("slow-build")
                let push = try clone.startPush()
                try await push.prints("thinking hard")
                try await server.crashAndRestart()
                #expect(try await push.result().status != 0)
                #expect(
                    try await server.sql("select status, reason from builds where number = 2")
                        == "failed|the server stopped while it was running; push again, or 'builds retry'")
                #expect(try await server.leftovers(in: "shop") == [])
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/contexts/server") == [])
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                try await clone.use("python")
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("shop").output.hasPrefix("Hello from Python"))
            }
        }

        @Test func `killed between the switch and the reference, it rolls forward`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                try await clone.write("index.html", "second\n")
                // Somebody else's lock holds the reference update up while we look.
                let lock = "\(try await server.repository(of: "shop"))/refs/heads/main.lock"
                #expect(FileManager.default.createFile(atPath: lock, contents: nil))
                let switched = try server.startSQL(
                    """
                    do $$ begin for i in 1..6000 loop
                        if exists (select from releases where number = 2 and status = 'switching') then return; end if;
                        perform pg_sleep(0.005);
                    end loop; raise 'it never switched'; end $$
                    """)
                let push = try clone.startPush()
                #expect(try await switched.result().status == 0)
                try await server.crashAndRestart()
                _ = try await push.result()
                #expect(try await server.sql("select status from releases where number = 2") == "live")
                #expect(try await server.sql("select status from builds where number = 2") == "succeeded")
                #expect(try await server.reference("refs/heads/main", of: "shop") == clone.head())
                #expect(try await server.leftovers(in: "shop") == [])
                #expect(try await server.page("shop").output == "second\n\n200")
                #expect(try await clone.push().errors.contains("Everything up-to-date"))
            }
        }

        @Test func `apps answer while the daemon is dead, and a container removed by hand comes back`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                await server.signal(SIGKILL)
                _ = try await server.ended()
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                for container in try await server.containers() {
                    #expect(try await Command(["/usr/bin/docker", "rm", "-f", container]).run().status == 0)
                }
                try await server.start()
                try await eventually("the app is back") { try await server.page("shop").output.hasSuffix("\n200") }
            }
        }

        @Test func `told to stop, it lets a running push end and says so`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "slow-build")
                try await clone.write(
                    "Dockerfile",
                    "FROM martlet/busybox\nCOPY index.html /www/\nRUN echo working; sleep 3\n"
                        + "EXPOSE 5000\nCMD [\"httpd\", \"-f\", \"-p\", \"5000\", \"-h\", \"/www\"]\n")
                let push = try clone.startPush()
                try await push.prints("working")
                await server.signal(SIGTERM)
                let result = try await push.result()
                #expect(result.status == 0, "\(result)")
                #expect(result.errors.contains("The server is shutting down; this push may still end"))
                #expect(try await server.ended() == 0)
                #expect(try await server.ssh("whoami").status == 255)
                try await server.start()
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
            }
        }

        @Test func `told to stop at once, it leaves a detached push that waits to the next daemon`() async throws {
            try await TestServer.with(["MARTLET_BUILDS": "1", "MARTLET_SHUTDOWN_SECONDS": "1"]) { server in
                let first = try await TestClone(server, app: "shop", sample: "slow-build").startPush("-o", "detach")
                try await first.prints("thinking hard")
                let clone = try await TestClone(server, app: "blog", sample: "hello")
                let second = try clone.startPush("-o", "detach")
                try await second.prints("Waiting for a free place")
                await server.signal(SIGTERM)
                #expect(try await server.ended() == 0)
                _ = try await (first.result(), second.result())
                try await server.start()
                let log = try await server.ssh("builds log blog -f")
                #expect(log.output.contains("v1 is live"), "\(log)")
                #expect(try await server.reference("refs/heads/main", of: "blog") == clone.head())
                #expect(
                    try await server.sql("select status, cancelled_by from builds order by created_at")
                        == "cancelled|alice\nsucceeded|")
            }
        }

        @Test func `sources stay laid out over a crash, until the cache is cleared or the app is gone`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                let app = try await server.sql("select id from apps")
                let folder = "\(server.data)/cache/sources/\(app)"
                let file = "\(folder)/server/tree/Dockerfile"
                let number = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
                try await server.crashAndRestart()
                try await clone.write("index.html", "second\n")
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("shop").output == "second\n\n200")
                let now = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
                #expect(number == now)

                // As a build that was killed while it changed the files leaves them.
                try Data().write(to: URL(filePath: "\(folder)/server/record"))
                try Data("half".utf8).write(to: URL(filePath: file))
                try await server.crashAndRestart()
                #expect(!FileManager.default.fileExists(atPath: file))
                try await clone.write("index.html", "third\n")
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("shop").output == "third\n\n200")

                #expect(try await server.ssh("builds cache clear shop").status == 0)
                #expect(!FileManager.default.fileExists(atPath: file))
                #expect(try await server.ssh("apps destroy shop --confirm shop").status == 0)
                try await eventually("nothing of it is left") { !FileManager.default.fileExists(atPath: folder) }
            }
        }

        @Test func `without its database it refuses logins with a message, and brings it back by itself`() async throws
        {
            try await TestServer.with(expectingErrors: true) { server in
                let pid = try String(contentsOfFile: "\(server.data)/postgres/cluster/postmaster.pid", encoding: .utf8)
                    .split(separator: "\n")[0]
                let postmaster = try #require(pid_t(pid))
                kill(postmaster, SIGINT)
                try await eventually("PostgreSQL ends") { kill(postmaster, 0) != 0 }
                let refused = try await server.ssh("whoami")
                #expect(refused.status == 255)
                #expect(refused.errors.contains("its database is unavailable"), "\(refused)")
                #expect(await server.log().contains("login refused: database unavailable"))
                try await eventually(within: .seconds(30), "the daemon has started it again") {
                    try await server.ssh("whoami").output == "alice (admin)\n"
                }
            }
        }
    }
}

extension Command {
    /// Runs it with its output written to a file.
    func output(to path: String) async throws -> Result {
        try await Command(["sh", "-c", "exec \"$@\" > \"$0\"", path] + words).run()
    }
}

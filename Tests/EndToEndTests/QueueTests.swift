import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct QueueTests {
        private static let working =
            "FROM martlet/busybox\nCOPY index.html /www/\nRUN echo working; sleep 10\nEXPOSE 5000\n"
            + "CMD [\"httpd\", \"-f\", \"-p\", \"5000\", \"-h\", \"/www\"]\n"

        @Test func `of two pushes to one app the second waits, says for whom, and goes on from the first`() async throws
        {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working)
                let first = try clone.startPush()
                try await first.prints("working")
                try await clone.write("index.html", "second\n")
                let second = try await clone.push()
                #expect(second.errors.contains("Waiting for build 1 (alice, "), "\(second)")
                #expect(try await first.result().status == 0)
                #expect(second.status == 0, "\(second)")
                #expect(try await server.page("shop").output == "second\n\n200")
            }
        }

        @Test func `a queued push is superseded by a newer one, and a stale one is rejected`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working)
                let first = try clone.startPush()
                try await first.prints("working")
                let other = try await TestClone(server, app: "shop", sample: "hello")
                let stale = try other.startPush()
                try await stale.prints("Waiting for build 1")
                try await other.write("index.html", "newer\n")
                let newer = try await other.push()
                let superseded = try await stale.result()
                #expect(superseded.errors.contains("build 3 by alice took its place"), "\(superseded)")
                #expect(superseded.errors.contains("(superseded)"))
                #expect(newer.errors.contains("was moved meanwhile"), "\(newer)")
                #expect(newer.status == 1)
                #expect(try await first.result().status == 0)
            }
        }

        @Test func `a pusher who leaves during the build takes it along within 5 s`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "slow-build")
                let push = try clone.startPush()
                try await push.prints("thinking hard")
                push.signalGroup(SIGKILL)
                try await eventually(within: .seconds(5), "the build is cancelled") {
                    try await server.sql("select status from builds") == "cancelled"
                }
                #expect(try await server.leftovers(in: "shop") == [])
                #expect(try await server.containers() == [])
                #expect(try await server.reference("refs/heads/main", of: "shop") == "")
                try await clone.use("hello")
                #expect(try await clone.push().status == 0)
            }
        }

        @Test func `a detached push goes on when its pusher leaves`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working)
                let push = try clone.startPush("-o", "detach")
                try await push.prints("working")
                push.signalGroup(SIGKILL)
                let log = try await server.ssh("builds log shop -f")
                #expect(log.output.contains("v1 is live"), "\(log)")
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                #expect(try await server.reference("refs/heads/main", of: "shop") == clone.head())
            }
        }
    }
}

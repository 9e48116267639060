import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct WorkerTests {
        private static func working(seconds: Int) -> String {
            "FROM martlet/busybox\nCOPY index.html /www/\nRUN echo working; sleep \(seconds); echo done\nEXPOSE 5000\n"
                + "CMD [\"httpd\", \"-f\", \"-p\", \"5000\", \"-h\", \"/www\"]\n"
        }

        @Test func `a build that somebody cancels ends within 5 s, and goes live when it is tried again`() async throws
        {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working(seconds: 4))
                let push = try clone.startPush()
                try await push.prints("working")
                try await server.addUser("bob", "--admin")
                let began = ContinuousClock.now
                let cancel = try await server.ssh("builds cancel shop", as: "bob")
                #expect(ContinuousClock.now - began < .seconds(5))
                #expect(cancel.errors == "build 1 of 'shop': cancelled\n", "\(cancel)")
                let result = try await push.result()
                #expect(result.status == 1)
                #expect(result.errors.contains("cancelled by bob"), "\(result)")
                #expect(try await server.leftovers(in: "shop") == [])
                let again = try await server.ssh("builds cancel shop", as: "bob")
                #expect(again.errors.contains("has ended already: cancelled"), "\(again)")

                let retry = try await server.ssh("builds retry shop")
                #expect(retry.status == 0, "\(retry)")
                #expect(retry.output.contains("v1 is live"), "\(retry)")
                #expect(try await server.reference("refs/heads/main", of: "shop") == clone.head())
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                let reuse = try await server.ssh("builds retry shop")
                #expect(reuse.output.contains("Using the image of build 2"), "\(reuse)")
                #expect(reuse.output.contains("v2 is live"))
            }
        }

        @Test func `a queued build can be cancelled`() async throws {
            try await TestServer.with(["MARTLET_BUILDS": "1"]) { server in
                let shop = try await TestClone(server, app: "shop", sample: "hello")
                try await shop.write("Dockerfile", Self.working(seconds: 5))
                let first = try shop.startPush()
                try await first.prints("working")
                let second = try await TestClone(server, app: "blog", sample: "hello").startPush()
                try await second.prints("Waiting for a free place: 1 build is running")
                #expect(try await server.ssh("builds cancel blog").status == 0)
                #expect(try await second.result().errors.contains("(cancelled)"))
                #expect(try await first.result().status == 0)
            }
        }

        @Test func `a worker of its own builds; killed, it loses its build, and its return brings the next`()
            async throws
        {
            try await TestServer.with(["MARTLET_BUILDS": "0"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working(seconds: 30))
                let push = try clone.startPush()
                let worker = try await server.startWorker("far")
                try await push.prints("working")
                #expect(try await server.ssh("workers list").output.contains("far"))
                worker.signal(SIGKILL)
                _ = try await worker.result()
                let next = try await server.startWorker("far")
                let result = try await push.result()
                #expect(result.status == 1)
                #expect(result.errors.contains("its worker stopped while it was built"), "\(result)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/contexts/far") == [])

                try await clone.write("Dockerfile", Self.working(seconds: 0))
                let second = try await clone.push()
                #expect(second.status == 0, "\(second)")
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
                next.signal(SIGTERM)
                #expect(try await next.result().status == 0)
                #expect(try await server.local("workers", "remove", "far").status == 0)
            }
        }

        @Test func `a worker that is told to stop ends what it builds`() async throws {
            try await TestServer.with(["MARTLET_BUILDS": "0"]) { server in
                let worker = try await server.startWorker("far")
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working(seconds: 3))
                let push = try clone.startPush()
                try await push.prints("working")
                worker.signal(SIGTERM)
                #expect(try await push.result().status == 0)
                #expect(try await worker.result().status == 0)
            }
        }

        @Test func `after a crash of the server a detached push that waited goes on`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("Dockerfile", Self.working(seconds: 60))
                let first = try clone.startPush("-o", "detach")
                try await first.prints("working")
                try await clone.write("Dockerfile", Self.working(seconds: 0))
                let second = try clone.startPush("-o", "detach")
                try await second.prints("Waiting for build 1")
                try await server.crashAndRestart()
                _ = try await (first.result(), second.result())
                let log = try await server.ssh("builds log shop -f")
                #expect(log.status == 0, "\(log)")
                #expect(log.output.contains("v1 is live"), "\(log)")
                #expect(try await server.reference("refs/heads/main", of: "shop") == clone.head())
                let builds = try await server.ssh("builds list shop")
                #expect(builds.output.contains("its worker stopped while it was built"), "\(builds)")
            }
        }

        @Test func `who joins a log late misses nothing and reads nothing twice`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                let counting = "RUN i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; sleep 1; echo end\n"
                try await clone.write(
                    "Dockerfile", Self.working(seconds: 0).replacing("EXPOSE", with: counting + "EXPOSE"))
                let push = try clone.startPush("-o", "detach")
                try await push.prints("line 1000")
                async let late = server.ssh("builds log shop -f")
                async let later = server.ssh("builds log shop 1 -f")
                let logs = try await (late, later)
                let whole = try await server.ssh("builds log shop")
                #expect(logs.0.output == whole.output)
                #expect(logs.1.output == whole.output)
                #expect((0..<3000).allSatisfy { whole.output.contains("line \($0)\n") })
                #expect(try await push.result().status == 0)
            }
        }
    }
}

import TestKit
import Testing

extension EndToEnd {
    /// What visitors notice while an app changes: nothing.
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct LoadTests {
        @Test func `20 deployments, 5 rollbacks, 5 scale changes and a failed push fail no request`() async throws {
            try await TestServer.with(["MARTLET_DRAIN_SECONDS": "2"]) { server in
                let chat = try await TestClone(server, app: "chat", sample: "talker")
                #expect(try await chat.push().status == 0)
                let clone = try await TestClone(server, app: "shop", sample: "talker")
                #expect(try await clone.push().status == 0)
                let alone = Requests(server, app: "shop")
                let kept = Requests(server, app: "shop", .kept)
                let (talk, other) = (Talk(server, app: "shop"), Talk(server, app: "chat"))
                try await Loops.run([alone.loop, kept.loop, talk.loop, other.loop]) {
                    try await change(clone, server)
                    try await eventually("what was replaced has ended") { try await server.containers().count == 2 }
                }
                #expect(alone.failures == [] && alone.count > 500)
                #expect(kept.failures == [] && kept.count > 500)
                #expect(kept.connections < kept.count / 5, "connections are kept")
                // Each was open when its release gave way, and had the drain time to itself.
                #expect(talk.failures == [] && talk.messages > 200)
                #expect(talk.lives.count > 3 && talk.lives.allSatisfy { $0 >= .seconds(2) }, "\(talk.lives)")
                // No change was the other app's.
                #expect(other.failures == [] && other.lives == [] && other.messages > 500)
            }
        }

        private func change(_ clone: TestClone, _ server: TestServer) async throws {
            for number in 1...20 {
                try await clone.write("version", "deployment \(number)\n")
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
            }
            for count in [3, 1, 2, 4, 1] {
                let scale = try await server.ssh("ps scale shop web=\(count)")
                #expect(scale.status == 0, "\(scale)")
            }
            for _ in 0..<5 {
                let rollback = try await server.ssh("rollback shop")
                #expect(rollback.status == 0, "\(rollback)")
            }
            try await clone.write("app.py", "raise SystemExit(1)\n")
            #expect(try await clone.push("--force").status == 1)
        }
    }
}

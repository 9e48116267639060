import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct PlanTests {
        @Test func `a plan says what a push would change, and changes nothing`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                let first = try await clone.push("-o", "plan")
                #expect(first.status == 1)
                #expect(first.errors.contains("remote: -----> The first release would be"), "\(first)")
                #expect(first.errors.contains("! [remote rejected] main -> main (plan only)"), "\(first)")
                #expect(try await server.sql("select count(*) from apps") == "0")

                #expect(try await clone.push().status == 0)
                let live = try await clone.head()
                try await clone.write("martlet.yaml", "variables: {KEY: {required: true}}\n")
                let plan = try await clone.push("-o", "plan", "martlet", "main", "main:side")
                #expect(plan.status == 1)
                #expect(plan.errors.contains("remote:        variable KEY: new: required"), "\(plan)")
                #expect(plan.errors.contains("remote:  !     config set shop KEY=VALUE"), "\(plan)")
                #expect(plan.errors.contains("! [remote rejected] main -> main (plan only)"), "\(plan)")
                #expect(plan.errors.contains("! [remote rejected] main -> side (plan only)"), "\(plan)")
                #expect(try await server.reference("refs/heads/main", of: "shop") == live)
                #expect(try await server.reference("refs/heads/side", of: "shop") == "")
                #expect(try await server.sql("select count(*) from builds") == "1")
                #expect(try await server.leftovers(in: "shop") == [])

                let push = try await clone.push()
                #expect(push.status == 1)
                #expect(push.errors.contains("the required config variable KEY is not set"), "\(push)")
                #expect(push.errors.contains("remote:        config set shop KEY=VALUE"), "\(push)")
                #expect(try await server.ssh("config set shop KEY=x --stage").status == 0)
                #expect(try await clone.push("-o", "plan").errors.contains("remote:        config KEY: new"))
                #expect(try await clone.push().status == 0)
            }
        }
    }
}

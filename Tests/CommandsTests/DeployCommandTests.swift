import Foundation
import Platform
import Postgres
import Testing

@testable import Commands

extension CommandTests {
    @Suite struct DeployCommandTests {
        @Test func `without a commit what is live is deployed again, with one that is built`() async throws {
            try await Desk.with { desk in
                #expect(try await desk.run("deploy shop").errors.contains("no release that serves"))
                try await desk.release()
                try await desk.run("deploy shop -m again --detach", as: "dan")
                #expect(try await desk.waiting()?.message == "again")
                #expect(
                    try await desk.takeIntent()
                        == DeployIntent(.deploy, product: 1, summary: "deploy v1 again", isRefresh: true))
                try await desk.run("deploy shop main --no-cache --detach")
                let build = try #require(try await desk.waiting())
                #expect(build.kind == .build && build.intent == nil && build.noCache && build.commit == Desk.main)
                // A build is covered by the next one.
                try await desk.run("deploy shop feature --detach")
                let next = try #require(try await desk.waiting())
                #expect(next.commit == Desk.feature && next.branch == "main" && next.kind == .build)
                #expect(next.intent?.summary == "deploy feature")
                #expect(try await desk.run("deploy shop fffffff --detach").status == 0)
                #expect(try await desk.takeIntent()?.summary == "deploy fffffff")
                #expect(try await desk.run("deploy shop nowhere").errors.contains("no branch, tag or commit 'nowhere'"))
                #expect(try await desk.run("deploy shop --no-cache").status == 2)
                #expect(try await desk.run("deploy shop main", as: "vera").status == 1)
                #expect(try await desk.run("deploy shop main", as: "carol").errors.contains("no app named 'shop'"))
            }
        }

        @Test func `a canary is one at a time, and ends by promote or abort`() async throws {
            try await Desk.with { desk in
                #expect(try await desk.run("deploy shop main --canary 10").errors.contains("no release that serves"))
                try await desk.release()
                #expect(try await desk.run("promote shop").errors.contains("has no canary"))
                #expect(try await desk.run("deploy shop --canary 100").status == 2)
                try await desk.run("deploy shop feature --canary 10 --detach")
                let intent = try await desk.takeIntent()
                #expect(
                    intent?.canary == 10 && intent?.summary == "deploy feature, canary 10 %"
                        && intent?.needsBuild == true)
                try await desk.run("deploy shop --canary 5 --detach")
                #expect(try await desk.takeIntent()?.canary == 5)
                try await desk.release(.canary)
                #expect(try await desk.run("deploy shop feature --canary 10").errors.contains("has the canary v2"))
                _ = try await desk.database.execute("update releases set weight = 10 where number = 2")
                #expect(try await desk.run("releases list shop").output.contains("v2       canary 10 %  "))
                let canary = try await desk.releases.find(2, of: desk.shop)
                #expect(try await desk.releases.endCanary(canary) { _, _ in 0 })
                #expect(try await desk.run("releases list shop").output.contains("v2       ended canary  "))
                #expect(try await desk.releases.move(canary, from: .failed, to: .canary))
                try await desk.run("promote shop --detach", as: "dan")
                #expect(try await desk.takeIntent() == DeployIntent(.promote, summary: "promote v2"))
                try await desk.run("abort shop --detach", as: "dan")
                #expect(try await desk.takeIntent() == DeployIntent(.abort, summary: "abort v2"))
            }
        }

        @Test func `a rollback goes to what served before, or where it is told to`() async throws {
            try await Desk.with { desk in
                try await desk.release()
                #expect(try await desk.run("rollback shop").errors.contains("there is none to go back to"))
                try await desk.release(.failed)
                try await desk.release(.live, Desk.product, commit: Desk.feature)
                try await desk.run("rollback shop --detach", as: "dan")
                #expect(try await desk.waiting()?.commit == Desk.main)
                #expect(
                    try await desk.takeIntent()
                        == DeployIntent(.deploy, product: 1, config: 1, summary: "rollback to v1"))
                try await desk.run("rollback shop v1 --image-only --detach")
                #expect(
                    try await desk.takeIntent() == DeployIntent(.deploy, product: 1, summary: "rollback of image to v1")
                )
                try await desk.run("builds retry shop --detach")
                #expect(try await desk.takeIntent()?.summary == "rollback of image to v1")
                try await desk.run("rollback shop 1 --config-only --detach")
                #expect(try await desk.waiting()?.commit == Desk.feature)
                let config = try await desk.takeIntent()
                #expect(config?.product == 3 && config?.config == 1 && config?.isRefresh == true)
                #expect(try await desk.run("rollback shop v3").errors.contains("v3 is live; 'ps restart shop'"))
                #expect(try await desk.run("rollback shop v2").errors.contains("v2 never served"))
                #expect(try await desk.run("rollback shop v9").errors.contains("has no release v9"))
                for words in ["v1 --image-only --config-only", "x", "v0", "-1"] {
                    #expect(try await desk.run("rollback shop \(words)").status == 2, "\(words)")
                }
            }
        }

        @Test func `releases are listed, shown and compared, without a value of their config`() async throws {
            try await Desk.with { desk in
                try await desk.run("config set shop OLD=s3cret SAME=1 TOKEN=s3cret")
                try await desk.release()
                try await desk.run("config unset shop OLD --stage")
                try await desk.run("config set shop NEW=s3cret TOKEN=s3cret2 --stage")
                var product = Desk.product
                product.image = "sha256:2"
                product.processes[1] = .init(type: "worker", shell: "work harder")
                product.processes.append(.init(type: "clock", shell: "tick"))
                product.routing = RoutingSettings()
                product.routing?.maxBodyBytes = 20 << 20
                try await desk.release(.live, product, commit: Desk.feature)
                let diff = try await desk.run("releases diff shop", as: "vera")
                #expect(!diff.output.contains("s3cret"))
                let lines = diff.output.split(separator: "\n").map {
                    $0.split(separator: " ").prefix(3).joined(separator: " ")
                }
                for line in [
                    "commit changed aaaaaaa", "image changed 1", "config NEW added", "config OLD removed",
                    "config TOKEN changed", "clock added command", "worker command changed", "routing added body",
                ] {
                    #expect(lines.contains(line), "\(line)")
                }
                #expect(lines.count == 9 && diff.output.contains("fffffff (2 new, 1 gone)"))
                #expect(try await desk.run("releases diff shop v2 v2").errors.contains("do not differ"))
                let info = try await desk.run("releases info shop", as: "vera")
                #expect(info.output.contains("NEW SAME TOKEN") && !info.output.contains("s3cret"))
                #expect(try await desk.run("releases info shop v1 --json").output.contains("\"OLD\""))
                #expect(try await desk.run("releases list shop").output.split(separator: "\n").count == 3)
            }
        }
    }
}

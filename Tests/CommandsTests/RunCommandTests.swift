import Foundation
import Platform
import Testing

@testable import Commands

extension CommandTests {
    @Suite struct RunCommandTests {
        @Test func `scaling asks for a run, and before the first deploy is kept for that`() async throws {
            try await Desk.with { desk in
                let early = try await desk.run("ps scale shop web=2", as: "dan")
                #expect(early.status == 0 && early.errors.contains("first deploy"))
                #expect(try await desk.waiting() == nil)
                try await desk.release()
                #expect(try await desk.run("ps scale shop").output == "TYPE    QUANTITY\nweb     2\nworker  0\n")
                let answer = try await desk.run("ps:scale shop web=3 worker=1 --detach", as: "dan")
                #expect(answer.status == 0 && answer.errors.contains("run 2 of 'shop' is queued: scale web=3 worker=1"))
                let intent = try await desk.takeIntent()
                #expect(
                    intent
                        == DeployIntent(
                            .arrange, summary: "scale web=3 worker=1",
                            formation: [.init(type: "web", quantity: 3), .init(type: "worker", quantity: 1)]))
                #expect(try await desk.run("ps scale shop cron=1").errors.contains("it has web, worker"))
                #expect(try await desk.run("ps scale shop release=1").status == 2)
                #expect(try await desk.run("ps scale shop web=1", as: "vera").status == 1)
                #expect(try await desk.run("events shop -n 1").output.contains("dan  10.0.0.1  ps.scale"))
            }
        }

        @Test func `exclusive processes are never two, and a site has none`() async throws {
            try await Desk.with { desk in
                var product = Desk.product
                product.processes[1].strategy = .exclusive
                try await desk.release(.live, product)
                #expect(try await desk.run("ps scale shop worker=2 --detach").errors.contains("exclusive"))
                #expect(try await desk.run("ps scale shop worker=1 --detach").status == 0)
                _ = try await desk.takeIntent()
                product.site = .init(folder: "x", isSinglePage: false)
                try await desk.release(.live, product)
                for line in ["ps scale shop web=2", "ps restart shop", "ps stop shop", "limits set shop web cpus=1"] {
                    #expect(try await desk.run(line).errors.contains("is a site"), "\(line)")
                }
            }
        }

        @Test func `restart, stop and start are runs`() async throws {
            try await Desk.with { desk in
                #expect(try await desk.run("ps restart shop").errors.contains("no release that serves"))
                try await desk.release()
                try await desk.run("ps restart shop web --detach", as: "dan")
                #expect(try await desk.takeIntent() == DeployIntent(.restart, summary: "restart web", types: ["web"]))
                #expect(try await desk.run("ps restart shop cron --detach").status == 1)
                try await desk.run("ps stop shop --detach")
                #expect(try await desk.takeIntent() == DeployIntent(.arrange, summary: "stop", isStopped: true))
                #expect(try await desk.run("ps start shop").errors.contains("started already"))
                try await AppStore(desk.database).setStopped(true, of: desk.shop.id, in: desk.database)
                #expect(try await desk.run("ps restart shop").errors.contains("'ps start shop' starts it"))
                #expect(try await desk.run("ps list shop").errors.contains("is stopped"))
                try await desk.run("ps start shop --detach")
                #expect(try await desk.takeIntent()?.isStopped == false)
            }
        }

        @Test func `sizes are within what an admin allows, for admins as large as they like`() async throws {
            try await Desk.with { desk in
                try await desk.release()
                try await desk.run("limits set shop web memory=512M cpus=0.5 --detach", as: "dan")
                let entry = FormationEntry(type: "web", memoryBytes: 512 << 20, cpus: 0.5)
                #expect(try await desk.takeIntent()?.formation == [entry])
                #expect(
                    try await desk.run("limits set shop web memory=2G --detach").errors.contains("not within 16M-1G"))
                try await desk.run("limits set shop web memory=2G --detach", as: "alice")
                #expect(try await desk.takeIntent()?.formation.first?.memoryBytes == 2 << 30)
                try await FormationStore(desk.database).set([entry], of: desk.shop)
                let list = "TYPE    MEMORY     CPUS\nweb     512M       0.5\nworker  (default)  (default)\n"
                #expect(try await desk.run("limits list shop", as: "vera").output == list)
                for words in ["memory", "memory=x", "cpus=1 cpus=2", "disk=1G", "cpus=-1", "cpus=1e3"] {
                    #expect(try await desk.run("limits set shop web \(words)").status == 2, "\(words)")
                }
            }
        }

        @Test func `what runs is listed, and what should`() async throws {
            try await Desk.with { desk in
                let release = try await desk.release()
                try await FormationStore(desk.database).set(
                    [.init(type: "web", quantity: 2), .init(type: "worker", quantity: 1)], of: desk.shop)
                let store = ProcessStore(desk.database)
                try await store.setRunning(try await store.add(type: "web", index: 1, of: release), at: "10.0.0.9:5000")
                _ = try await store.add(type: "web", index: 2, of: release)
                let lines = try await desk.run("ps list shop", as: "vera").output.split(separator: "\n")
                #expect(lines.count == 4 && lines[1].hasPrefix("worker   0/1      v1       missing"))
                #expect(lines[2].hasPrefix("web.1    1/2      v1       running") && lines[2].contains("10.0.0.9:5000"))
                #expect(lines[3].hasPrefix("web.2    1/2      v1       starting"))
                #expect(try await desk.run("ps list shop --json").output.contains("\"state\" : \"missing\""))
                let info = try await desk.run("apps info shop").output
                #expect(info.contains("state          degraded") && info.contains("web 1/2, worker 0/1"))
            }
        }

        @Test func `who follows a run is told how it ended, also where another took its place`() async throws {
            try await Desk.with { desk in
                try await desk.release()
                for (status, expected) in [(Build.Status.succeeded, 0), (.failed, 1)] as [(Build.Status, Int32)] {
                    async let answer = desk.run("ps restart shop")
                    try await end(desk, status)
                    #expect(try await answer.status == expected)
                }
                async let answer = desk.run("deploy shop")
                while try await desk.waiting() == nil { try await Task.sleep(for: .milliseconds(10)) }
                try await desk.run("deploy shop --detach", as: "dan")
                let old = try await desk.builds.list(of: desk.shop, limit: 2)[1]
                try await desk.builds.finish(old, .superseded, reason: nil)
                try await end(desk, .succeeded)
                #expect(try await answer.status == 0)
                #expect(try await answer.errors.contains("superseded by run 5, which does it as well"))
            }
        }

        private func end(_ desk: Desk, _ status: Build.Status) async throws {
            while true {
                if let build = try await desk.waiting() {
                    return try await desk.builds.finish(build, status, reason: nil)
                }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}

import Foundation
import Postgres
import Testing

@testable import Platform

extension DeploymentStoreTests {
    @Suite struct DeployQueueTests {
        private struct Queue {
            let sample: DeploymentSample
            let builds: BuildStore

            init() async throws {
                sample = try await DeploymentSample()
                builds = BuildStore(sample.database)
            }

            @discardableResult
            func ask(_ intent: DeployIntent? = nil) async throws -> Build {
                var request = BuildRequest.sample()
                request.intent = intent
                return try await builds.enqueue(request, for: sample.shop)
            }

            /// The numbers of those that still wait.
            func waiting() async throws -> [Int] {
                try await builds.list(of: sample.shop, limit: 100).filter { $0.status == .queued }.map(\.number)
                    .reversed()
            }
        }

        private static let refresh = DeployIntent(.deploy, product: 1, summary: "set A", isRefresh: true)

        @Test func `a build takes the place of builds and refreshes that wait, a refresh that of refreshes`()
            async throws
        {
            let queue = try await Queue()
            try await queue.ask()
            try await queue.ask(Self.refresh)
            #expect(try await queue.waiting() == [1, 2])
            let second = try await queue.ask(Self.refresh)
            #expect(second.kind == .deploy && second.intent == Self.refresh)
            #expect(try await queue.waiting() == [1, 3])
            #expect(try await queue.builds.find(2, of: queue.sample.shop).reason?.contains("build 3") == true)
            #expect(try await queue.ask().kind == .build)
            #expect(try await queue.waiting() == [4])
            #expect(try await queue.ask(.init(.deploy, summary: "deploy main")).kind == .build)
            #expect(try await queue.waiting() == [5])
        }

        @Test(
            arguments: [
                .init(.deploy, product: 1, config: 1, summary: "rollback to v1"), .init(.deploy, product: 1),
                .init(.deploy, product: 1, canary: 10, isRefresh: true), .init(.deploy, canary: 10),
                .init(.arrange, formation: [.init(type: "web", quantity: 2)]), .init(.restart, types: ["web"]),
                .init(.promote), .init(.abort), .init(.deploy, product: 1, isAutomatic: true, isRefresh: true),
            ] as [DeployIntent])
        func `everything else takes its turn`(intent: DeployIntent) async throws {
            let queue = try await Queue()
            #expect(try await queue.ask(intent).intent == intent)
            try await queue.ask(Self.refresh)
            try await queue.ask()
            #expect(try await queue.waiting() == [1, 3])
            try await queue.ask(intent)
            #expect(try await queue.waiting() == [1, 3, 4])
        }

        @Test func `no worker is given what builds nothing`() async throws {
            let queue = try await Queue()
            let workers = WorkerStore(queue.sample.database)
            try await workers.add("w")
            #expect(try await workers.register("w", machine: "here", slots: 2) == 0)
            let deploy = try await queue.ask(.init(.restart))
            try await queue.builds.makeReady(deploy, configHash: "")
            #expect(try await workers.claim("w") == nil)
            #expect(try await queue.builds.startDeploying(deploy, product: nil))
            #expect(try await queue.builds.find(1, of: queue.sample.shop).stage == .deploying)
        }

        @Test func `what builds nothing waits for what deploys, not for what builds`() async throws {
            let queue = try await Queue()
            let workers = WorkerStore(queue.sample.database)
            try await workers.add("w")
            _ = try await workers.register("w", machine: "here", slots: 2)
            let build = try await queue.ask()
            try await queue.builds.makeReady(build, configHash: "")
            #expect(try await workers.claim("w")?.id == build.id)
            let (first, second) = (try await queue.ask(.init(.restart)), try await queue.ask(.init(.restart)))
            #expect(try await queue.builds.obstacle(of: first)?.ahead == nil)
            #expect(try await queue.builds.startDeploying(first, product: nil))
            #expect(try await queue.builds.obstacle(of: second)?.ahead?.number == 2)
            #expect(try await !queue.builds.startDeploying(second, product: nil))

            // One that is built waits as well; one that was built before waits for the build.
            let product = BuildProduct(method: "command", image: "sha256:x")
            #expect(try await workers.end(build, .made(product), by: "w"))
            #expect(try await !queue.builds.startDeploying(build, product: product))
            try await queue.builds.finish(first, .succeeded, reason: nil)
            let again = try await queue.ask()
            #expect(try await queue.builds.obstacle(of: again)?.ahead?.number == 1)
            #expect(try await !queue.builds.startDeploying(again, product: product))
            #expect(try await queue.builds.startDeploying(build, product: product))
            #expect(try await !queue.builds.startDeploying(second, product: nil))
        }

        @Test func `releases are found by number, by what served before, and by what an intent means`() async throws {
            let queue = try await Queue()
            let (app, releases) = (queue.sample.shop, ReleaseStore(queue.sample.database))
            let product = BuildProduct(method: "command", image: "sha256:x")
            for number in 1...3 {
                let build = try await queue.ask()
                #expect(try await queue.builds.startDeploying(build, product: product))
                let release = try await releases.create(
                    from: build, product: product, updates: "", summary: "s\(number)"
                ) {
                    _ in
                    nil
                }
                #expect(release.summary == "s\(number)" && release.guardUntil == nil && release.weight == nil)
                #expect(try await releases.move(release, from: .starting, to: number == 2 ? .failed : .switching))
                if number != 2 { try await releases.goLive(release, .init(drain: { _, _ in 0 }, guardUntil: nil)) }
                try await queue.builds.finish(build, .succeeded, reason: nil)
            }
            #expect(try await releases.find(2, of: app).status == .failed)
            await #expect(throws: Refusal.unknownRelease(9, of: app.name)) { _ = try await releases.find(9, of: app) }
            #expect(try await releases.served(before: 3, of: app)?.number == 1)
            #expect(try await releases.served(before: 1, of: app) == nil)
            #expect(try await releases.source(of: Self.refresh, for: app)?.number == 3)
            #expect(try await releases.source(of: .init(.deploy, product: 1), for: app)?.number == 1)
            #expect(try await releases.source(of: .init(.deploy), for: app) == nil)
            #expect(try await releases.canary(of: app.id) == nil)
            #expect(try await releases.move(releases.find(2, of: app), from: .failed, to: .canary))
            #expect(try await releases.canary(of: app.id)?.number == 2)
        }
    }
}

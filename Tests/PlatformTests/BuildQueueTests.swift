import Foundation
import Logging
import Postgres
import TestKit
import Testing

@testable import Platform

@Suite(.serialized, .database) struct BuildQueueTests {
    /// A database with a worker called `w` that takes two builds at once.
    private struct Queue {
        let database: DatabasePool
        let builds: BuildStore
        let workers: WorkerStore
        let owner: User

        init(_ database: DatabasePool, slots: Int = 2) async throws {
            self.database = database
            builds = BuildStore(database)
            workers = WorkerStore(database)
            owner = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
            try await addWorker("w", slots: slots)
        }

        func addWorker(_ name: String, machine: String = "here", slots: Int = 2) async throws {
            try await workers.add(name)
            #expect(try await workers.register(name, machine: machine, slots: slots) == 0)
        }

        @discardableResult
        func enqueue(_ app: String, by user: String = "alice") async throws -> Build {
            let apps = AppStore(database)
            let name = try AppName(app)
            let known = try await apps.find(name)
            let app = if let known { known } else { try await apps.create(name, owner: owner.name) }
            let build = try await builds.enqueue(.sample(by: user), for: app)
            try await builds.makeReady(build, configHash: "")
            return build
        }

        func age(_ build: Build, seconds: Int) async throws {
            _ = try await database.execute(
                """
                update builds set created_at = created_at - make_interval(secs => \(Double(seconds))),
                    heartbeat_at = heartbeat_at - make_interval(secs => \(Double(seconds))) where id = \(build.id)
                """)
        }

        func state(_ build: Build) async throws -> Build { try #require(try await builds.find(id: build.id)) }

        /// The builds that the worker is given until there is none, in their order.
        func claims(_ worker: String = "w") async throws -> [UUID] {
            var claimed: [UUID] = []
            while let build = try await workers.claim(worker) { claimed.append(build.id) }
            return claimed
        }
    }

    @Test func `a worker is given so many builds at once, one of each app`() async throws {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database)
        let first = try await queue.enqueue("a")
        #expect(try await queue.claims() == [first.id])
        let second = try await queue.enqueue("a")
        let (b, c) = (try await queue.enqueue("b"), try await queue.enqueue("c"))
        #expect(try await queue.claims() == [b.id])
        #expect(try await queue.builds.obstacle(of: second)?.ahead?.number == 1)
        // Handing one back makes room on the machine, but the app has its run until that has ended.
        #expect(try await queue.workers.end(first, .made(.init(method: "dockerfile", image: "sha256:1")), by: "w"))
        #expect(try await queue.claims() == [c.id])
        #expect(try await queue.state(first).product?.image == "sha256:1")
        try await queue.builds.finish(first, .succeeded, reason: nil)
        #expect(try await queue.workers.end(b, .failed(summary: "build failed", reason: "no"), by: "w"))
        #expect(try await queue.claims() == [second.id])
    }

    @Test func `a newer build takes the place of one that waits, not of one that runs`() async throws {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database)
        let running = try await queue.enqueue("a")
        _ = try await queue.claims()
        let waiting = try await queue.enqueue("a")
        let newest = try await queue.enqueue("a", by: "bob")
        #expect(try await queue.state(running).status == .running)
        #expect(try await queue.state(waiting).status == .superseded)
        #expect(try await queue.state(waiting).reason == "build 3 by bob took its place in the queue")
        #expect(try await queue.state(newest).status == .queued)
    }

    @Test func `users take turns, however many builds one of them queues`() async throws {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database, slots: 1)
        let alices = [try await queue.enqueue("a"), try await queue.enqueue("b"), try await queue.enqueue("c")]
        let bobs = [try await queue.enqueue("d", by: "bob"), try await queue.enqueue("e", by: "bob")]
        #expect(try await queue.builds.obstacle(of: alices[2])?.position == 5)
        #expect(try await queue.builds.obstacle(of: bobs[0])?.position == 2)
        var order: [UUID] = []
        for _ in 1...5 {
            let build = try #require(try await queue.workers.claim("w"))
            order.append(build.id)
            _ = try await queue.workers.end(build, .made(.init(method: "dockerfile", image: "sha256:1")), by: "w")
            try await queue.builds.finish(build, .succeeded, reason: nil)
        }
        #expect(order == [alices[0], bobs[0], alices[1], bobs[1], alices[2]].map(\.id))
    }

    @Test func `of two idle workers the one that was used less recently builds, unless it does not come`() async throws
    {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database)
        try await queue.addWorker("v", machine: "there")
        let first = try await queue.enqueue("a")
        #expect(try await queue.claims("v") == [])
        #expect(try await queue.claims("w") == [first.id])
        let second = try await queue.enqueue("b")
        #expect(try await queue.claims("w") == [])
        #expect(try await queue.claims("v") == [second.id])
        let third = try await queue.enqueue("c")
        #expect(try await queue.claims("v") == [])
        try await queue.age(third, seconds: 3)
        #expect(try await queue.claims("v") == [third.id])
    }

    @Test func `workers of one machine share its places`() async throws {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database, slots: 1)
        try await queue.addWorker("v", machine: "here", slots: 1)
        try await queue.enqueue("a")
        try await queue.age(try await queue.enqueue("b"), seconds: 3)
        #expect(try await queue.claims("w").count == 1)
        #expect(try await queue.claims("v").isEmpty)
    }

    @Test func `any number of workers that ask at once are given each build once`() async throws {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database, slots: 100)
        for worker in 1...8 { try await queue.addWorker("w\(worker)", machine: "m\(worker)", slots: 100) }
        var wanted: Set<UUID> = []
        for number in 1...40 {
            let build = try await queue.enqueue("app\(number)")
            try await queue.age(build, seconds: 3)
            wanted.insert(build.id)
        }
        let claimed = try await withThrowingTaskGroup(of: [UUID].self) { group in
            for worker in 1...8 { group.addTask { try await queue.claims("w\(worker)") } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // A worker may find the row it wanted locked by another, and come back for the rest.
        let all = claimed + (try await queue.claims())
        #expect(all.count == 40)
        #expect(Set(all) == wanted)
    }

    @Test func `a worker is told which of its builds to stop`() async throws {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database, slots: 3)
        let kept = try await queue.enqueue("a")
        let cancelled = try await queue.enqueue("b")
        let given = try await queue.enqueue("c")
        _ = try await queue.claims()
        #expect(try await queue.builds.cancel(cancelled.id, by: "bob"))
        try await queue.builds.finish(given, .failed, reason: "given up")
        let stop = try await queue.workers.beat("w", workingOn: [kept.id, cancelled.id, given.id])
        #expect(stop == [cancelled.id, given.id])
        #expect(try await !queue.workers.end(given, .failed(summary: "", reason: "late"), by: "w"))
        #expect(try await queue.state(given).reason == "given up")
        #expect(try await !queue.builds.cancel(given.id, by: "bob"))
    }

    @Test func `a build whose worker is silent for a minute is given up, and one of a worker that comes back`()
        async throws
    {
        let database = try await TestDatabase.empty().pool
        let queue = try await Queue(database)
        let silent = try await queue.enqueue("a")
        _ = try await queue.claims()
        try await queue.age(silent, seconds: 50)
        try await queue.builds.giveUpIfLost(silent)
        #expect(try await queue.state(silent).stage == .building)
        try await queue.age(silent, seconds: 11)
        try await queue.builds.giveUpIfLost(silent)
        #expect(try await queue.state(silent).stage == .built)
        #expect(try await queue.state(silent).reason?.hasPrefix("its worker 'w' was not heard of") == true)

        let lost = try await queue.enqueue("b")
        _ = try await queue.claims()
        #expect(try await queue.workers.register("w", machine: "here", slots: 2) == 1)
        #expect(try await queue.state(lost).reason == "its worker stopped while it was built")
    }

    @Test func `a worker acts under its own role only, and changes nothing but builds it was given`() async throws {
        let current = try await TestDatabase.empty()
        let (database, url) = (current.pool, current.url)
        let queue = try await Queue(database)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let postgres = DatabasePool(
            url: ConnectionString.setting([("user", "postgres")], in: url), logger: logger)
        let roles = WorkerRoles(database: database, administrator: postgres)
        let password = try await roles.add("far")
        let login = [("user", WorkerRoles.role(of: "far")), ("password", password)].map { (name: $0, value: $1) }
        let far = DatabasePool(url: ConnectionString.setting(login, in: url), logger: logger)
        let workers = WorkerStore(far)
        #expect(try await workers.register("far", machine: "there", slots: 1) == 0)
        await #expect(throws: DatabaseError.self) { try await workers.register("w", machine: "there", slots: 9) }
        let build = try await queue.enqueue("a")
        try await queue.age(build, seconds: 3)
        #expect(try await workers.claim("far")?.id == build.id)
        try await BuildLogStore(far).append([LogLine(.build, "mine")], to: build.id)
        let other = try await queue.enqueue("b")
        await #expect(throws: DatabaseError.self) {
            try await BuildLogStore(far).append([LogLine(.build, "not mine")], to: other.id)
        }
        await #expect(throws: DatabaseError.self) {
            try await far.execute("update builds set status = 'succeeded'")
        }
        await #expect(throws: DatabaseError.self) { try await far.query("select * from ssh_keys") }
        #expect(try await workers.end(build, .failed(summary: "build failed", reason: "no"), by: "far"))
        try await roles.remove("far")
        await far.close()
        await #expect(throws: Refusal("no worker named 'far'; 'workers list' shows them")) {
            try await roles.remove("far")
        }
        await postgres.close()
    }
}

import Foundation
import Postgres
import Testing

@testable import Platform

@Suite(.serialized, .database) struct RetentionStoreTests {
    @Test func `everything that refers to a product is found`() async throws {
        let sample = try await DeploymentSample()
        let store = RetentionStore(sample.database)
        let first = try await sample.deploy("a")
        let second = try await sample.deploy("b")
        _ = try await ProcessStore(sample.database).add(type: "web", index: 1, of: first)
        let builds = BuildStore(sample.database)
        let waiting = try await builds.enqueue(.sample(commit: "a"), for: sample.shop)
        let found = try await store.references(of: sample.shop.id)
        #expect(found.releases.map(\.number) == [2, 1])
        #expect(found.releases.map(\.status) == [.live, .retired])
        #expect(found.busy == [first.id])
        #expect(found.unfinished.map(\.number) == [waiting.number])
        // What was built last, and what was built of the commit that waits.
        #expect(found.products == [1: first.product, 2: second.product])
        #expect(try await store.references(of: sample.blog.id).releases.isEmpty)
        #expect(try await store.liveReleases() == [sample.shop.id: second.id])
    }

    @Test func `nobody can ask for a deployment while references are looked at`() async throws {
        let sample = try await DeploymentSample()
        let builds = BuildStore(sample.database)
        let enqueued = try await RetentionStore(sample.database).withReferences(of: sample.shop.id) { references in
            #expect(references.unfinished.isEmpty)
            let task = Task { try await builds.enqueue(.sample(), for: sample.shop) }
            try await sample.waitForLock()
            #expect(try await builds.unfinished().isEmpty)
            return task
        }
        #expect(try await enqueued.value.number == 1)
    }

    @Test func `old builds go with their logs, and those of releases that stay do not`() async throws {
        let sample = try await DeploymentSample()
        let store = RetentionStore(sample.database)
        var releases: [Release] = []
        for commit in "abcd" { releases.append(try await sample.deploy(commit)) }
        let id = try #require(releases[0].buildID)
        try await BuildLogStore(sample.database).append([LogLine(.martlet, "one"), LogLine(.martlet, "two")], to: id)
        let dry = try await store.forgetBuilds(of: sample.shop.id, keep: 2, releases: [releases[1]], isDry: true)
        #expect(dry.numbers == [1])
        #expect(dry.lines == 2)
        let wet = try await store.forgetBuilds(of: sample.shop.id, keep: 2, releases: [releases[1]], isDry: false)
        #expect(wet.numbers == [1])
        let left = try await BuildStore(sample.database).list(of: sample.shop, limit: 10)
        #expect(left.map(\.number) == [4, 3, 2])
        #expect(try await sample.database.query("select 1 as one from build_log").isEmpty)
        #expect(try await ReleaseStore(sample.database).find(1, of: sample.shop).buildID == nil)
        let next = try await BuildStore(sample.database).enqueue(.sample(), for: sample.shop)
        #expect(next.number == 5)
    }

    @Test func `a release is marked while its image is gone`() async throws {
        let sample = try await DeploymentSample()
        let store = RetentionStore(sample.database)
        for commit in "ab" { _ = try await sample.deploy(commit) }
        let releases = ReleaseStore(sample.database)
        try await store.setRemoved([1], of: sample.shop.id)
        #expect(try await releases.list(of: sample.shop, limit: 5).map(\.isRemoved) == [false, true])
        #expect(try await releases.find(1, of: sample.shop).product == Self.product("a"))
        try await store.setRemoved([], of: sample.shop.id)
        #expect(try await releases.list(of: sample.shop, limit: 5).map(\.isRemoved) == [false, false])
    }

    fileprivate static func product(_ image: Character) -> BuildProduct {
        BuildProduct(method: "command", image: "sha256:\(image)")
    }
}

extension DeploymentSample {
    /// A release of `shop` that is live, of an image called like the commit's digit.
    fileprivate func deploy(_ commit: Character) async throws -> Release {
        let (builds, releases) = (BuildStore(database), ReleaseStore(database))
        let product = RetentionStoreTests.product(commit)
        let build = try await builds.enqueue(.sample(commit: commit), for: shop)
        #expect(try await builds.startDeploying(build, product: product))
        let release = try await releases.create(from: build, product: product, updates: "") { _ in nil }
        #expect(try await releases.move(release, from: .starting, to: .switching))
        try await releases.goLive(release, .init(drain: { _, _ in 0 }, guardUntil: nil))
        try await builds.finish(build, .succeeded, reason: nil)
        return release
    }

    /// Returns once some statement waits for another transaction.
    fileprivate func waitForLock() async throws {
        for _ in 1...2000 {
            let waiting = try await database.query("select 1 as one from pg_locks where not granted")
            if !waiting.isEmpty { return }
            await Task.yield()
        }
        Issue.record("nothing waits")
    }
}

import Foundation
import TestKit
import Testing

@testable import Pipeline
@testable import Platform

@Suite struct DeployQueueTests {
    private func build(_ number: Int, of app: UUID) -> Platform.Build {
        Platform.Build(
            id: UUID(), appID: app, number: number, branch: "main", commit: "", status: .queued, createdBy: "alice",
            message: nil,
            reason: nil, createdAt: Date(), startedAt: nil, finishedAt: nil)
    }

    @Test func `one build of an app runs at a time, and the next is told for whom it waits`() async throws {
        let queue = DeployQueue(slots: 4)
        let app = UUID()
        let (first, second) = (build(1, of: app), build(2, of: app))
        try await queue.enter(first) { _ in Issue.record("nothing is ahead of the first") }
        let (waits, told) = AsyncStream.makeStream(of: String.self)
        let entering = Task { try await queue.enter(second) { told.yield($0) } }
        var iterator = waits.makeAsyncIterator()
        #expect(await iterator.next() == "waiting for build 1 (alice, 0 s)")
        await queue.leave(first)
        try await entering.value
        await queue.leave(second)
    }

    @Test func `a queued build gives way to a newer one of its app`() async throws {
        let queue = DeployQueue(slots: 4)
        let app = UUID()
        let builds = (1...3).map { build($0, of: app) }
        try await queue.enter(builds[0]) { _ in }
        let (waits, told) = AsyncStream.makeStream(of: Void.self)
        var iterator = waits.makeAsyncIterator()
        let second = Task { try await queue.enter(builds[1]) { _ in told.yield() } }
        await iterator.next()
        try await eventually("the second is queued") { await queue.waiting == 1 }
        let third = Task { try await queue.enter(builds[2]) { _ in told.yield() } }
        await #expect(throws: RunFailure(.superseded, "superseded", "build 3 by alice took its place in the queue")) {
            try await second.value
        }
        await queue.leave(builds[0])
        try await third.value
    }

    @Test func `builds of other apps run beside it, as many as there are slots`() async throws {
        let queue = DeployQueue(slots: 2)
        let builds = (1...3).map { _ in build(1, of: UUID()) }
        try await queue.enter(builds[0]) { _ in }
        try await queue.enter(builds[1]) { _ in }
        let third = Task {
            try await queue.enter(builds[2]) { #expect($0 == "waiting for a free place: 2 builds are running") }
        }
        try await eventually("the third is queued") { await queue.waiting == 1 }
        await queue.leave(builds[1])
        try await third.value
    }

    @Test func `a cancelled wait leaves the queue`() async throws {
        let queue = DeployQueue(slots: 1)
        let (first, second) = (build(1, of: UUID()), build(1, of: UUID()))
        try await queue.enter(first) { _ in }
        let waiting = Task { try await queue.enter(second) { _ in } }
        try await eventually("the second is queued") { await queue.waiting == 1 }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(await queue.waiting == 0)
    }

    @Test func `a build that comes late gives way to a newer one that waits`() async throws {
        let queue = DeployQueue(slots: 4)
        let app = UUID()
        try await queue.enter(build(1, of: app)) { _ in }
        let third = Task { [build = build(3, of: app)] in try await queue.enter(build) { _ in } }
        try await eventually("the third is queued") { await queue.waiting == 1 }
        await #expect(throws: RunFailure(.superseded, "superseded", "build 3 by alice took its place in the queue")) {
            try await queue.enter(build(2, of: app)) { _ in }
        }
        third.cancel()
        await #expect(throws: CancellationError.self) { try await third.value }
    }
}

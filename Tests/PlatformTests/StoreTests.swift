import Foundation
import Postgres
import TestKit
import Testing

@testable import Platform

@Suite(.serialized, .database) struct StoreTests {
    private func key(_ number: UInt8) throws -> PublicKey {
        let blob = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32] + [UInt8](repeating: number, count: 32)
        return try PublicKey(pasted: "ssh-ed25519 \(Data(blob).base64EncodedString()) key \(number)")
    }

    @Test func `users, keys, apps and builds are kept`() async throws {
        let database = try await TestDatabase.empty().pool
        let users = UserStore(database)
        let alice = try await users.add(UserName("alice"), admin: true, key: key(1))
        #expect(try await users.holding(keyBlob: key(1).blob) == alice)
        #expect(try await users.holding(keyBlob: key(2).blob) == nil)
        await #expect(throws: Refusal.userNameTaken("alice")) {
            try await users.add(UserName("alice"), admin: false, key: nil)
        }
        await #expect(throws: Refusal.keyTaken) { try await users.add(UserName("bob"), admin: false, key: key(1)) }
        #expect(try await users.list().count == 1)
        await #expect(throws: Refusal.lastAdmin("alice")) { try await users.setAdmin(alice.name, false) }

        let bob = try await users.add(UserName("bob"), admin: false, key: nil)
        let keys = KeyStore(database)
        _ = try await keys.add(key(2), name: "laptop", for: bob)
        await #expect(throws: Refusal.keyNameTaken("laptop")) {
            _ = try await keys.add(key(3), name: "laptop", for: bob)
        }
        let listed = try await keys.list(of: bob)
        #expect(listed.map(\.name) == ["laptop"])
        #expect(listed[0].fingerprint.hasPrefix("SHA256:") && listed[0].fingerprint.count == 50)

        let apps = AppStore(database)
        let shop = try await apps.create(AppName("shop"), owner: bob.name)
        await #expect(throws: Refusal.appNameTaken("shop")) {
            _ = try await apps.create(AppName("shop"), owner: alice.name)
        }
        await #expect(throws: Refusal.userOwnsApps("bob")) { try await users.remove(bob.name) }
        let carol = try await users.add(UserName("carol"), admin: false, key: nil)
        let caller = Caller(user: carol, keyFingerprint: "", source: "test")
        await #expect(throws: Refusal.unknownApp("shop")) {
            _ = try await apps.named("shop", for: caller, atLeast: .viewer)
        }
        try await AccessStore(database).grant(.viewer, on: shop, to: carol)
        #expect(try await apps.named("shop", for: caller, atLeast: .viewer) == shop)
        await #expect(throws: Refusal.needs(.deployer, on: shop.name, has: .viewer)) {
            _ = try await apps.named("shop", for: caller, atLeast: .deployer)
        }
    }

    @Test func `a release goes live with everything that belongs to it`() async throws {
        let database = try await TestDatabase.empty().pool
        let alice = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
        let apps = AppStore(database)
        let app = try await apps.create(AppName("shop"), owner: alice.name)
        let (builds, releases, processes) = (BuildStore(database), ReleaseStore(database), ProcessStore(database))
        let services = ServiceStore(database)
        var last: Release?
        for number in 1...2 {
            let build = try await builds.enqueue(.sample(commit: number == 1 ? "1" : "2"), for: app)
            #expect(build.number == number)
            let product = BuildProduct(
                method: "command", image: "sha256:x", healthPath: "/up",
                processes: [.init(type: "web", shell: "go")])
            #expect(try await builds.startDeploying(build, product: product))
            let release = try await releases.create(from: build, product: product, updates: "") { _ in nil }
            #expect(release.product == product)
            let process = try await processes.add(type: "web", index: 1, of: release)
            try await processes.setRunning(process, at: "10.0.0.\(number):5000")
            let before = try await services.all().map { $0.upstreams.map(\.address) }
            #expect(before == [number == 1 ? [] : ["10.0.0.1:5000"]])
            #expect(try await releases.move(release, from: .starting, to: .switching))
            let after = try await services.all().map { $0.upstreams.map(\.address) }
            #expect(after == [["10.0.0.\(number):5000"]])
            try await releases.goLive(release, .init(drain: { _, _ in 0 }, guardUntil: nil))
            #expect(try await releases.live(of: app.id)?.number == number)
            #expect(try await builds.find(nil, of: app).status == .succeeded)
            last = release
        }
        #expect(try await processes.notStopped().map(\.state) == [.draining, .running])
        #expect(try await apps.find(id: app.id)?.deployBranch == "main")
        let live = try #require(last)
        #expect(try await !releases.move(live, from: .switching, to: .failed))
        try await apps.destroy(app)
        #expect(try await apps.removals() == [app.id])
        #expect(try await processes.notStopped().isEmpty)
    }

    @Test func `log lines come back in order, whatever they hold, and go with their app`() async throws {
        let database = try await TestDatabase.empty().pool
        let alice = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
        let app = try await AppStore(database).create(AppName("shop"), owner: alice.name)
        var request = BuildRequest.sample()
        request.message = "it's \"new\""
        let build = try await BuildStore(database).enqueue(request, for: app)
        #expect(build.message == "it's \"new\"")
        let lines = [LogLine(.martlet, "-----> it's"), LogLine(.build, "{a,\"b\\c\"} NULL"), LogLine(.app, "")]
        let logs = BuildLogStore(database)
        try await logs.append(Array(lines.prefix(2)), to: build.id)
        try await logs.append(Array(lines.suffix(1)), to: build.id)
        #expect(try await logs.lines(of: build.id, from: 0) == lines)
        #expect(try await logs.lines(of: build.id, from: 1, limit: 1) == [lines[1]])
        #expect(try await BuildStore(database).find(1, of: app).logLines == 3)
        try await AppStore(database).destroy(app)
        #expect(try await logs.lines(of: build.id, from: 0) == [])
    }

    @Test func `two who add to one log at once lose and repeat nothing`() async throws {
        let database = try await TestDatabase.empty().pool
        let alice = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
        let app = try await AppStore(database).create(AppName("shop"), owner: alice.name)
        let build = try await BuildStore(database).enqueue(.sample(), for: app)
        let logs = BuildLogStore(database)
        try await withThrowingTaskGroup { group in
            for writer in ["a", "b"] {
                group.addTask {
                    for number in 0..<50 {
                        try await logs.append([LogLine(.build, "\(writer)\(number)")], to: build.id)
                    }
                }
            }
            try await group.waitForAll()
        }
        let lines = try await logs.lines(of: build.id, from: 0).map(\.text)
        for writer in ["a", "b"] {
            #expect(lines.filter { $0.hasPrefix(writer) } == (0..<50).map { "\(writer)\($0)" })
        }
    }
}

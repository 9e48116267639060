import Foundation
import Postgres
import Testing

@testable import Platform

@Suite(.serialized, .database) struct DeploymentStoreTests {
    @Test func `what is set for types of processes is added to, and sizes are taken back with 0`() async throws {
        let sample = try await DeploymentSample()
        let store = FormationStore(sample.database)
        #expect(try await store.entries(of: sample.shop).isEmpty)
        try await store.set(
            [.init(type: "web", quantity: 2), .init(type: "worker", memoryBytes: 1 << 30)], of: sample.shop.id,
            in: sample.database)
        try await sample.database.transaction { transaction in
            try await store.set(
                [.init(type: "web", memoryBytes: 512 << 20, cpus: 0.5), .init(type: "worker", quantity: 0)],
                of: sample.shop.id, in: transaction)
        }
        #expect(
            try await store.entries(of: sample.shop) == [
                .init(type: "web", quantity: 2, memoryBytes: 512 << 20, cpus: 0.5),
                .init(type: "worker", quantity: 0, memoryBytes: 1 << 30),
            ])
        try await store.set([.init(type: "web", memoryBytes: 0, cpus: 0)], of: sample.shop.id, in: sample.database)
        #expect(try await store.entries(of: sample.shop).first == .init(type: "web", quantity: 2))
        #expect(try await store.entries(of: sample.blog).isEmpty)
    }

    @Test func `volumes are an app's own, one for each name and path`() async throws {
        let sample = try await DeploymentSample()
        let store = VolumeStore(sample.database)
        let volume = try await store.add("data", at: "/var/data/", isReadOnly: false, to: sample.shop)
        #expect(volume.path == "/var/data")
        _ = try await store.add("data", at: "/var/data", isReadOnly: true, to: sample.blog)
        await #expect(throws: Refusal.self) {
            _ = try await store.add("data", at: "/other", isReadOnly: false, to: sample.shop)
        }
        await #expect(throws: Refusal.self) {
            _ = try await store.add("other", at: "/var/data", isReadOnly: false, to: sample.shop)
        }
        #expect(try await store.list(of: sample.shop).map(\.engineName) == ["martlet-\(volume.id.text)"])
        #expect(try await store.all().count == 2)
        #expect(try await store.remove("data", from: sample.shop).id == volume.id)
        await #expect(throws: Refusal.unknownVolume("data", of: sample.shop.name)) {
            _ = try await store.remove("data", from: sample.shop)
        }
    }

    @Test(arguments: [
        "data", "", "/", "//", "/proc", "/proc/1", "/sys/kernel", "/dev", "/a/../b", "/a/./b", "/a//b", "/a:b", "/a,b",
        "/a b",
        "/a\n", "/ä", "/" + String(repeating: "a", count: 200),
    ])
    func `a volume is nowhere but in a folder of the app's`(path: String) {
        #expect(throws: Refusal.self) { _ = try VolumeRules.path(path) }
    }

    @Test func `a port is one app's, out of those that may be given`() async throws {
        let sample = try await DeploymentSample()
        let store = PortStore(sample.database)
        let port = PublishedPort(appID: sample.shop.id, transport: .tcp, port: 7000, type: "web", target: 5432)
        await #expect(throws: Refusal.self) { try await store.add(port, to: sample.shop, within: nil) }
        await #expect(throws: Refusal.self) { try await store.add(port, to: sample.shop, within: 1...6999) }
        try await store.add(port, to: sample.shop, within: 7000...7010)
        let other = PublishedPort(appID: sample.cafe.id, transport: .tcp, port: 7000, type: "web", target: 1)
        let refusal = await #expect(throws: Refusal.self) {
            try await store.add(other, to: sample.cafe, within: 7000...7010)
        }
        #expect(refusal?.text.contains("shop") == false)
        let udp = PublishedPort(appID: sample.cafe.id, transport: .udp, port: 7000, type: "dns", target: 53)
        try await store.add(udp, to: sample.cafe, within: 7000...7010)
        #expect(try await store.list(of: sample.shop) == [port])
        #expect(try await store.all().count == 2)
        #expect(try await store.remove(7000, .tcp, from: sample.shop) == port)
        await #expect(throws: Refusal.self) { _ = try await store.remove(7000, .tcp, from: sample.shop) }
    }

    @Test func `routing settings are changed one by one, also by many at once`() async throws {
        let sample = try await DeploymentSample()
        let store = RoutingStore(sample.database)
        #expect(try await store.settings(of: sample.shop) == RoutingSettings())
        try await withThrowingTaskGroup { group in
            for number in 1...8 {
                group.addTask {
                    try await store.update(of: sample.shop) { settings in
                        settings.visitors = (settings.visitors ?? [:]).merging(["v\(number)": "$6$"]) { $1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        let settings = try await store.update(of: sample.shop) { $0.maxBodyBytes = 5 }
        #expect(settings.visitors?.count == 8)
        #expect(try await store.settings(of: sample.shop) == settings)
        #expect(try await store.all() == [sample.shop.id: settings])
        await #expect(throws: Refusal("no")) {
            try await store.update(of: sample.shop) { _ in throw Refusal("no") }
        }
    }

    @Test func `people are told once of their own apps, what they were not told yet`() async throws {
        let sample = try await DeploymentSample()
        let store = NoticeStore(sample.database)
        try await store.add("v2 was rolled back\u{1b}", of: sample.shop.id)
        try await store.add("v3 was rolled back", of: sample.cafe.id)
        let told = try await store.unseen(for: sample.bob)
        #expect(told.map(\.text) == ["v2 was rolled back\\u{1B}"] && told.map(\.app) == [sample.shop.name])
        try await store.markSeen(told, by: sample.bob)
        #expect(try await store.unseen(for: sample.bob).isEmpty)
        #expect(try await store.unseen(for: sample.carol).map(\.app) == [sample.cafe.name])
        #expect(try await store.unseen(for: sample.alice).count == 2)
        #expect(try await store.unseen(for: .local).isEmpty)
        try await sample.grant(.viewer, on: sample.cafe, to: sample.bob)
        #expect(try await store.unseen(for: sample.bob).count == 1)
    }

    @Test func `events are those of the app, whatever it and others are called`() async throws {
        let sample = try await DeploymentSample()
        let (store, apps) = (EventStore(sample.database), AppStore(sample.database))
        try await store.record("config.set", "shop A", by: sample.bob, result: "done")
        try await store.record("users.add", "shop", by: sample.alice, result: "done")
        try await store.record("rollback", "v3 after a crash loop", of: sample.shop.id, result: "done")
        #expect(try await store.list(of: sample.shop, limit: 10).map(\.action) == ["rollback", "config.set"])
        try await apps.rename(sample.shop, to: AppName("store"))
        try await store.record("config.set", "store B", by: sample.bob, result: "done")
        #expect(try await store.list(of: sample.shop, limit: 10).map(\.object).first == "store B")
        #expect(try await store.list(of: sample.shop, limit: 10).count == 3)
        let other = try await apps.create(AppName("shop"), owner: UserName("carol"))
        #expect(try await store.list(of: other, limit: 10).isEmpty)
        #expect(try await store.list(visibleTo: sample.carol, limit: 10).isEmpty)
        #expect(try await store.list(visibleTo: sample.bob, limit: 10).count == 3)
        #expect(
            try await store.list(visibleTo: sample.alice, limit: 2).map(\.object) == [
                "store B", "v3 after a crash loop",
            ])
    }

    @Test func `an app says whether it is stopped`() async throws {
        let sample = try await DeploymentSample()
        #expect(!sample.shop.isStopped)
        try await AppStore(sample.database).setStopped(true, of: sample.shop.id, in: sample.database)
        #expect(try await AppStore(sample.database).find(sample.shop.name)?.isStopped == true)
    }
}

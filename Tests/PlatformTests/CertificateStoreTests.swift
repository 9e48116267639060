import Foundation
import Postgres
import TestKit
import Testing

@testable import Platform

@Suite(.serialized, .database) struct CertificateStoreTests {
    private struct Fixture {
        let scratch: Scratch
        let database: DatabasePool
        let keys: SecretKeys
        let store: CertificateStore
        let shop: App
        let blog: App

        init() async throws {
            database = try await TestDatabase.empty().pool
            try await database.execute("truncate users, apps, certificates cascade")
            scratch = try Scratch()
            keys = SecretKeys(path: "\(scratch.path)/secrets")
            store = CertificateStore(database, keys: keys)
            let alice = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
            shop = try await AppStore(database).create(AppName("shop"), owner: alice.name)
            blog = try await AppStore(database).create(AppName("blog"), owner: alice.name)
        }

        func addDomain(_ host: String, _ path: String = "/", of app: App) async throws {
            try await database.execute(
                "insert into domains (id, app_id, host, path) values (\(UUID()), \(app.id), \(host), \(path))")
        }

        func hosts() async throws -> [AppHost] { try await store.hosts { "\($0).apps.example" } }

        func notices(of app: App) async throws -> [String] {
            try await database.query("select text from notices where app_id = \(app.id) order by id").map {
                try $0.get("text")
            }
        }
    }

    private func withFixture(_ body: (Fixture) async throws -> Void) async throws {
        let fixture = try await Fixture()
        defer { fixture.scratch.remove() }
        try await body(fixture)
    }

    private func sample(_ text: String = "1", days: Double = 90) -> CheckedCertificate {
        CheckedCertificate(
            chain: "chain \(text)", key: "s3cret \(text)", names: ["shop.example"], issuer: "CN=Middle",
            notBefore: Date(), notAfter: Date() + days * 86_400)
    }

    @Test func `hosts are the domains and the name below the base domain, of each app`() async throws {
        try await withFixture { fixture in
            try await fixture.addDomain("b.example", of: fixture.shop)
            try await fixture.addDomain("b.example", "/api", of: fixture.blog)
            try await fixture.addDomain("b.example", "/x", of: fixture.shop)
            let hosts = try await fixture.hosts()
            #expect(hosts.map(\.host) == ["b.example", "b.example", "blog.apps.example", "shop.apps.example"])
            #expect(hosts.map(\.app.description) == ["shop", "blog", "blog", "shop"])
            #expect(hosts.map(\.isDefault) == [false, false, true, true] && hosts.allSatisfy { !$0.isLive })
        }
    }

    @Test func `a private key is sealed, for its host, and survives a rotation`() async throws {
        try await withFixture { fixture in
            try await fixture.store.want([WantedCertificate(host: "*.apps.example", appID: nil)], from: "ca")
            #expect(
                try await fixture.store.keep(sample("w"), for: "*.apps.example", from: "ca", renewAt: Date() + 60))
            try await fixture.store.add(sample("o"), for: "b.example", of: fixture.shop, by: "alice")
            let sealed: [UInt8] = try #require(
                try await fixture.database.first("select sealed_key from certificates where host = 'b.example'")
            ).get("sealed_key")
            #expect(!String(decoding: sealed, as: UTF8.self).contains("s3cret"))
            let rotation = try await SecretStore(fixture.database, keys: fixture.keys).rotate(dropUnreadable: false)
            #expect(rotation.count == 2 && rotation.dropped == [])
            for (host, text) in [("*.apps.example", "w"), ("b.example", "o")] {
                let version = try #require(try await fixture.store.find(host)?.issued?.version)
                let material = try #require(try await fixture.store.material(of: version))
                #expect(material.chain == "chain \(text)" && material.key == "s3cret \(text)")
            }
            try await fixture.database.execute(
                "update certificates set sealed_key = \(sealed) where host = '*.apps.example'")
            let moved = try #require(try await fixture.store.find("*.apps.example")?.issued?.version)
            await #expect(throws: SecretError.self) { _ = try await fixture.store.material(of: moved) }
        }
    }

    @Test func `an own certificate is not replaced by itself, and never serves another app`() async throws {
        try await withFixture { fixture in
            try await fixture.addDomain("b.example", of: fixture.shop)
            try await fixture.store.add(sample(), for: "b.example", of: fixture.shop, by: "alice")
            let own = try await fixture.store.find("b.example")
            try await fixture.store.settle(try await fixture.hosts())
            try await fixture.store.want([WantedCertificate(host: "b.example", appID: fixture.shop.id)], from: "ca")
            #expect(try await fixture.store.find("b.example") == own)
            #expect(try await fixture.store.due() == nil)
            #expect(
                try await !fixture.store.keep(sample("2"), for: "b.example", from: "ca", renewAt: Date() + 60))
            await #expect(throws: Refusal.certificateTaken("b.example")) {
                try await fixture.store.add(sample("3"), for: "b.example", of: fixture.blog, by: "bob")
            }
            #expect(try await !fixture.store.remove("b.example", of: fixture.blog))

            try await fixture.database.execute("delete from domains")
            try await fixture.store.settle(try await fixture.hosts())
            #expect(try await fixture.store.find("b.example")?.unneededSince != nil)
            try await fixture.addDomain("b.example", of: fixture.shop)
            try await fixture.store.settle(try await fixture.hosts())
            #expect(try await fixture.store.find("b.example") == own)

            try await fixture.database.execute("update domains set app_id = \(fixture.blog.id)")
            try await fixture.store.settle(try await fixture.hosts())
            #expect(try await fixture.store.find("b.example") == nil)
        }
    }

    @Test func `what is wanted comes to its turn, and what is not is forgotten after a week`() async throws {
        try await withFixture { fixture in
            let (store, shop) = (fixture.store, fixture.shop)
            let wanted = ["a.example", "b.example"].map { WantedCertificate(host: $0, appID: shop.id) }
            try await store.want(wanted, from: "ca")
            try await store.fail("a.example", because: "no DNS", nextTryAt: Date() + 600)
            try await store.want(wanted, from: "ca")
            #expect(try await store.due()?.host == "b.example")
            #expect(try await store.keep(sample(), for: "b.example", from: "ca", renewAt: Date() + 3600))
            #expect(try await store.due() == nil)
            try await store.postpone(until: Date() + 1200)
            let next = try #require(try await store.find("a.example")?.nextTryAt)
            #expect((1190...1200).contains(next.timeIntervalSinceNow))

            // Another authority issues its own; one that failed there waits for its turn.
            try await store.want(wanted, from: "another")
            #expect(try await store.due()?.host == "b.example")

            try await store.want([], from: "ca")
            #expect(try await store.list().map(\.host) == ["b.example"])
            #expect(try await store.due() == nil)
            try await fixture.database.execute(
                "update certificates set unneeded_since = now() - interval '8 days'")
            try await store.want([], from: "ca")
            #expect(try await store.list() == [])
        }
    }

    @Test func `the newest host comes first, and all that have no certificate before those that have one`() async throws
    {
        try await withFixture { fixture in
            let store = fixture.store
            let wanted = ["a", "b", "c", "d"].map {
                WantedCertificate(host: "\($0).example", appID: fixture.shop.id)
            }
            try await store.want(wanted, from: "ca")
            for (host, renewAt) in [("c.example", -50.0), ("d.example", -60)] {
                _ = try await store.keep(sample(), for: host, from: "ca", renewAt: Date() + renewAt)
            }
            try await fixture.database.execute(
                "update certificates set next_try_at = now() - interval '1 minute' where host = 'a.example'")
            for host in ["b.example", "a.example", "d.example", "c.example"] {
                let due = try await store.due()
                #expect(due?.host == host)
                _ = try await store.keep(sample(), for: host, from: "ca", renewAt: Date() + 3600)
            }
        }
    }

    @Test func `an end that nobody prevents is told once a day`() async throws {
        try await withFixture { fixture in
            let store = fixture.store
            try await store.add(sample(days: 13), for: "b.example", of: fixture.shop, by: "alice")
            try await store.add(sample(days: 15), for: "c.example", of: fixture.shop, by: "alice")
            try await store.want(
                ["d.example", "e.example"].map { WantedCertificate(host: $0, appID: fixture.blog.id) }, from: "ca")
            for host in ["d.example", "e.example"] {
                _ = try await store.keep(sample(days: 9), for: host, from: "ca", renewAt: Date())
            }
            try await store.fail("d.example", because: "no DNS", nextTryAt: Date() + 600)
            for _ in 0..<2 { try await store.noteExpiries() }
            let shop = try await fixture.notices(of: fixture.shop)
            #expect(shop.count == 1)
            #expect(shop.first?.hasPrefix("the certificate for 'b.example' expires on 20") == true)
            #expect(shop.first?.hasSuffix("; bring a new one: certificates add shop b.example < FILE") == true)
            let blog = try await fixture.notices(of: fixture.blog)
            #expect(blog.count == 1 && blog.first?.hasSuffix("and is not renewed: no DNS") == true)

            try await fixture.database.execute("update certificates set noticed_at = now() - interval '25 hours'")
            try await store.noteExpiries()
            #expect(try await fixture.notices(of: fixture.shop).count == 2)
            #expect(try await store.remove("b.example", of: fixture.shop))
            #expect(try await fixture.notices(of: fixture.shop).count == 0)
        }
    }
}

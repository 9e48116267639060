import Foundation
import Glibc
import Postgres
import TestKit
import Testing

@testable import Platform

@Suite(.serialized, .database) struct ConfigStoreTests {
    /// Two apps of an installation that has nothing else.
    private struct Fixture {
        let scratch: Scratch
        let database: DatabasePool
        let keys: SecretKeys
        let config: ConfigStore
        let secrets: SecretStore
        let shop: App
        let blog: App

        init() async throws {
            database = try await TestDatabase.empty().pool
            try await database.execute("truncate users, apps cascade")
            scratch = try Scratch()
            keys = SecretKeys(path: "\(scratch.path)/secrets")
            config = ConfigStore(database, keys: keys)
            secrets = SecretStore(database, keys: keys)
            let alice = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
            shop = try await AppStore(database).create(AppName("shop"), owner: alice.name)
            blog = try await AppStore(database).create(AppName("blog"), owner: alice.name)
        }

        func set(_ values: [String: String], _ scope: ConfigScope? = nil, of app: App? = nil) async throws {
            var named: [ConfigName: String] = [:]
            for (name, value) in values { named[try ConfigName(name)] = value }
            try await config.set(named, scope: scope, of: app ?? shop, by: "alice")
        }

        func sealed(_ name: String) async throws -> [UInt8] {
            let row = try await database.first(
                "select value from config_vars where app_id = \(shop.id) and name = \(name)")
            return try #require(try row?.get("value"))
        }
    }

    private func withFixture(_ body: (Fixture) async throws -> Void) async throws {
        let fixture = try await Fixture()
        defer { fixture.scratch.remove() }
        try await body(fixture)
    }

    @Test func `names are those of every scope, and need no key`() async throws {
        try await withFixture { fixture in
            try await fixture.set(["A": "1"])
            try await fixture.set(["B": "2"], .build)
            try await fixture.set(["C": "3"], of: fixture.blog)
            try FileManager.default.removeItem(atPath: fixture.keys.path)
            #expect(try await fixture.config.names(of: fixture.shop) == ["A", "B"])
        }
    }

    @Test func `variables reach those that their scope names`() async throws {
        try await withFixture { fixture in
            try await fixture.set(["A": "run", "LINES": "one\ntwo\n", "EMPTY": ""])
            try await fixture.set(["B": "build"], .build)
            try await fixture.set(["C": "both ✓"], .both)
            let (config, shop) = (fixture.config, fixture.shop)
            #expect(
                try await config.values(of: shop, for: .run)
                    == ["A": "run", "LINES": "one\ntwo\n", "EMPTY": "", "C": "both ✓"])
            #expect(try await config.values(of: shop, for: .build) == ["B": "build", "C": "both ✓"])
            #expect(try await config.values(of: fixture.blog).isEmpty)
            #expect(try await config.list(of: shop).map(\.name.description) == ["A", "B", "C", "EMPTY", "LINES"])

            try await fixture.set(["B": "changed", "A": "build now"])
            try await fixture.set(["A": "build now"], .build)
            #expect(
                try await config.values(of: shop, for: .build) == ["A": "build now", "B": "changed", "C": "both ✓"])
            #expect(try await config.value(ConfigName("B"), of: shop) == "changed")

            let missing = try ConfigName("NOTHING")
            await #expect(throws: Refusal.unsetVariable(missing, of: shop.name)) {
                try await config.unset([ConfigName("A"), missing], of: shop)
            }
            #expect(try await config.list(of: shop).count == 5)
            try await config.unset([ConfigName("A"), ConfigName("B")], of: shop)
            #expect(try await config.list(of: shop).map(\.name.description) == ["C", "EMPTY", "LINES"])
        }
    }

    @Test func `the database holds no value, and none can be moved within it`() async throws {
        try await withFixture { fixture in
            try await fixture.set(["ONE": "s3cret-one", "TWO": "s3cret-two"])
            let stored = try await fixture.sealed("ONE")
            #expect(!String(decoding: stored, as: UTF8.self).contains("s3cret"))
            try await fixture.set(["ONE": "s3cret-one"])
            #expect(try await fixture.sealed("ONE") != stored)
            try await fixture.database.execute(
                """
                update config_vars v set value = o.value from config_vars o
                where v.app_id = o.app_id and v.name = 'ONE' and o.name = 'TWO'
                """)
            let place = SecretPlace.variable(app: fixture.shop.id, name: "ONE")
            await #expect(throws: SecretError.damaged(place)) {
                try await fixture.config.value(ConfigName("ONE"), of: fixture.shop)
            }
        }
    }

    @Test func `what no process can be given is refused, and then nothing is set`() async throws {
        try await withFixture { fixture in
            for value in [String(repeating: "x", count: ConfigLimits.valueBytes + 1), "a\0b"] {
                await #expect(throws: Refusal.self) { try await fixture.set(["GOOD": "1", "BAD": value]) }
            }
            try await fixture.set(["MOST": String(repeating: "x", count: ConfigLimits.valueBytes)])
            let many = Dictionary(uniqueKeysWithValues: (1...ConfigLimits.variables).map { ("V\($0)", "") })
            await #expect(throws: Refusal.self) { try await fixture.set(many) }
            let large = Dictionary(
                uniqueKeysWithValues: (1...16).map {
                    ("L\($0)", String(repeating: "x", count: ConfigLimits.valueBytes))
                })
            await #expect(throws: Refusal.self) { try await fixture.set(large) }
            #expect(try await fixture.config.list(of: fixture.shop).map(\.name.description) == ["MOST"])
            try await AppStore(fixture.database).destroy(fixture.shop)
            await #expect(throws: Refusal.unknownApp("shop")) { try await fixture.set(["A": "1"]) }
        }
    }

    @Test func `a snapshot keeps the config of its time, for its app`() async throws {
        try await withFixture { fixture in
            try await fixture.set(["A": "1"])
            try await fixture.set(["B": "2"], .build)
            let snapshot = try await fixture.database.transaction { transaction in
                try await fixture.config.snapshot(of: fixture.shop, in: transaction)
            }
            try await fixture.set(["A": "changed"])
            #expect(try fixture.config.open(snapshot: snapshot, of: fixture.shop.id) == ["A": "1"])
            #expect(throws: SecretError.self) { try fixture.config.open(snapshot: snapshot, of: fixture.blog.id) }
        }
    }

    @Test func `a rotation seals everything with a new key, while values are read and set`() async throws {
        try await withFixture { fixture in
            try await fixture.set(["A": "1", "B": "2"])
            try await fixture.set(["A": "3"], of: fixture.blog)
            let (stored, first) = (try await fixture.sealed("A"), try #require(try fixture.keys.load()))
            try await withThrowingTaskGroup { group in
                group.addTask {
                    for number in 0..<20 { try await fixture.set(["C\(number)": "\(number)"]) }
                }
                group.addTask {
                    for _ in 0..<20 {
                        let value = try await fixture.config.value(ConfigName("A"), of: fixture.shop)
                        #expect(value == "1")
                    }
                }
                for _ in 0..<3 {
                    let rotation = try await fixture.secrets.rotate(dropUnreadable: false)
                    #expect(rotation.count >= 3 && rotation.dropped.isEmpty)
                }
                try await group.waitForAll()
            }
            let keys = try #require(try fixture.keys.load()).keys.map(\.id)
            #expect(!keys.contains(first.keys[0].id))
            #expect(try await fixture.sealed("A") != stored)
            #expect(try await fixture.config.values(of: fixture.shop).count == 22)
            #expect(try await fixture.config.values(of: fixture.blog) == ["A": "3"])
            #expect(try await fixture.secrets.missingKeys().isEmpty)
        }
    }

    @Test func `without its key a value is refused by name, until it is set anew or forgotten`() async throws {
        try await withFixture { fixture in
            try await fixture.set(["A": "1", "B": "2"])
            let lost = try #require(try fixture.keys.load()).keys[0].id.hexadecimal
            unlink(fixture.keys.path)
            for attempt in [
                { _ = try await fixture.config.values(of: fixture.shop) }, { try await fixture.set(["C": "3"]) },
                { _ = try await fixture.secrets.rotate(dropUnreadable: false) },
            ] {
                await #expect(throws: SecretError.lostFile(fixture.keys.path)) { try await attempt() }
            }
            #expect(try await fixture.secrets.missingKeys() == [lost: 2])

            _ = try fixture.keys.loadOrMake()
            let place = SecretPlace.variable(app: fixture.shop.id, name: "A")
            await #expect(throws: SecretError.lostKey(lost, of: place)) {
                _ = try await fixture.config.value(ConfigName("A"), of: fixture.shop)
            }
            try await fixture.set(["A": "new"])
            #expect(try await fixture.config.value(ConfigName("A"), of: fixture.shop) == "new")
            await #expect(throws: SecretError.self) { _ = try await fixture.secrets.rotate(dropUnreadable: false) }
            let rotation = try await fixture.secrets.rotate(dropUnreadable: true)
            #expect(rotation.count == 1 && rotation.dropped == ["the variable 'B'"])
            #expect(try await fixture.config.values(of: fixture.shop) == ["A": "new"])
        }
    }

    @Test func `build settings are kept as they were written`() async throws {
        try await withFixture { fixture in
            let settings = BuildSettingsStore(fixture.database)
            #expect(try await settings.settings(of: fixture.shop) == nil)
            try await settings.set("build: {method: command}\n", of: fixture.shop, by: "alice")
            try await settings.set("build:\n  base: x\n", of: fixture.shop, by: "alice")
            #expect(try await settings.settings(of: fixture.shop) == "build:\n  base: x\n")
            try await settings.clear(of: fixture.shop)
            #expect(try await settings.settings(of: fixture.shop) == nil)
        }
    }
}

import Postgres
import Testing

@testable import Platform

extension DeploymentStoreTests {
    @Suite struct DomainStoreTests {
        @Test func `a host belongs to one app, and its paths to apps of one maintainer`() async throws {
            let sample = try await DeploymentSample()
            let store = DomainStore(sample.database)
            let add = { (host: String, path: String, app: App, caller: Caller) in
                try await store.add(host, path: path, to: app, by: caller, baseDomain: "apps.example")
            }
            #expect(try await add("WWW.Shop.example.", "/", sample.shop, sample.bob).address == "www.shop.example")
            let again = await #expect(throws: Refusal.self) {
                _ = try await add("www.shop.example", "/", sample.shop, sample.bob)
            }
            #expect(again?.text.contains("already") == true)
            for path in ["/", "/other"] {
                let refusal = await #expect(throws: Refusal.self) {
                    _ = try await add("www.shop.example", path, sample.cafe, sample.carol)
                }
                #expect(refusal == .domainTaken("www.shop.example"))
                #expect(refusal?.text.contains("bob") == false && refusal?.text.contains("'shop'") == false)
            }
            #expect(try await add("www.shop.example", "/blog/", sample.blog, sample.bob).path == "/blog")
            await #expect(throws: Refusal.self) { _ = try await add("www.shop.example", "/", sample.blog, sample.bob) }
            try await sample.grant(.maintainer, on: sample.shop, to: sample.carol)
            await #expect(throws: Refusal.domainTaken("www.shop.example")) {
                _ = try await add("www.shop.example", "/menu", sample.cafe, sample.carol)
            }
            try await sample.grant(.maintainer, on: sample.blog, to: sample.carol)
            _ = try await add("www.shop.example", "/menu", sample.cafe, sample.carol)
            #expect(
                try await store.all().map(\.address) == [
                    "www.shop.example", "www.shop.example/blog", "www.shop.example/menu",
                ])
            #expect(try await store.remove("www.shop.example", from: sample.shop).path == "/")
            await #expect(throws: Refusal.unknownDomain("www.shop.example", of: sample.shop.name)) {
                _ = try await store.remove("www.shop.example", from: sample.shop)
            }
            #expect(try await store.list(of: sample.cafe).count == 1)
        }

        @Test func `the server's own names are an admin's to give`() async throws {
            let sample = try await DeploymentSample()
            let store = DomainStore(sample.database)
            for host in ["apps.example", "cafe.apps.example"] {
                await #expect(throws: Refusal.self) {
                    _ = try await store.add(host, to: sample.shop, by: sample.bob, baseDomain: "Apps.example")
                }
            }
            _ = try await store.add("other-apps.example", to: sample.shop, by: sample.bob, baseDomain: "apps.example")
            let domain = try await store.add(
                "new.apps.example", redirect: "https://apps.example/?a=1", to: sample.shop, by: sample.alice,
                baseDomain: "apps.example")
            #expect(try await store.list(of: sample.shop).first?.redirect == domain.redirect)
        }

        @Test func `the host that an app has by its name leads to no other, whoever comes first`() async throws {
            let sample = try await DeploymentSample()
            let (store, apps) = (DomainStore(sample.database), AppStore(sample.database))
            let add = { (host: String, path: String) in
                try await store.add(
                    host, path: path, to: sample.shop, by: sample.alice, baseDomain: "Apps.example")
            }
            await #expect(throws: Refusal.defaultHost("cafe.apps.example", of: "cafe")) {
                _ = try await add("cafe.apps.example", "/")
            }
            let own = await #expect(throws: Refusal.self) { _ = try await add("shop.apps.example", "/") }
            #expect(own?.text.contains("already") == true)
            _ = try await add("cafe.apps.example", "/menu")
            _ = try await add("new.apps.example", "/")
            let refusal = Refusal.hostTaken("new.apps.example")
            await #expect(throws: refusal) {
                _ = try await apps.create(AppName("new"), owner: sample.shop.owner, host: "new.apps.example")
            }
            await #expect(throws: refusal) {
                try await apps.rename(sample.blog, to: AppName("new"), host: "new.apps.example")
            }
            _ = try await store.remove("new.apps.example", from: sample.shop)
            try await apps.rename(sample.blog, to: AppName("new"), host: "new.apps.example")
        }

        @Test(arguments: [
            "", "localhost", "-a.example", "a-.example", "a..example", ".example", "a_b.example", "a b.example",
            "10.0.0.1",
            "::1",
            "*.example.com", "a.example:80", "a.example/x", "a.example;", "a.example\n",
            String(repeating: "a", count: 64) + ".example", String(repeating: "a.", count: 130) + "example",
        ])
        func `a host is a name as others can resolve it`(host: String) {
            #expect(throws: Refusal.self) { _ = try DomainRules.host(host) }
        }

        @Test func `a name that is not ASCII is asked for in punycode`() {
            let refusal = #expect(throws: Refusal.self) { _ = try DomainRules.host("münchen.example") }
            #expect(refusal?.text.contains("punycode") == true)
        }

        @Test(arguments: ["", "api", "/a/../b", "/a//b", "/a b", "/a{", "/a;", "/$a", "/a\"", "/ä"])
        func `a path is plain and absolute`(path: String) {
            #expect(throws: Refusal.self) { _ = try DomainRules.path(path) }
        }

        @Test(arguments: ["/.martlet", "/.martlet/x/", "/.well-known/acme-challenge", "/.well-known/acme-challenge/x"])
        func `a path that the server answers itself is refused as such`(path: String) throws {
            let refusal = #expect(throws: Refusal.self) { _ = try DomainRules.path(path) }
            #expect(refusal?.text.contains("the server itself answers") == true)
            #expect(try DomainRules.path("/.martletx") == "/.martletx")
            #expect(try DomainRules.path("/.well-known/") == "/.well-known")
        }

        @Test(arguments: [
            "www.example.com", "ftp://example.com", "https://", "https:///x", "https://a b", "https://a/$host",
            "https://a/;x",
            "https://a/\"", "https://a/{x}", "https://u:p@a/", "javascript://x", "https://a\n", "http://a_b.example/",
            "http://a.example/z[1]", "http://a.example:99999/", "http://:80", "http://[x", "http://[::1]/",
        ])
        func `a URL that could be read as more than one is refused`(url: String) {
            #expect(throws: Refusal.self) { _ = try DomainRules.url(url) }
        }

        @Test func `a URL has its scheme and host in lower case, and keeps the rest`() throws {
            #expect(try DomainRules.url("HTTPS://New.Example.com:8443/A?B#C") == "https://new.example.com:8443/A?B#C")
        }
    }
}

import Foundation
import Platform
import Routing
import TestKit
import Testing

/// Who may see an app, and what they see meanwhile.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct VisitorTests {
    @Test func `visitors need their passwords`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let hash = try await Curl.run("openssl", ["passwd", "-6", "-salt", "abcdefgh", "secret"]).output
            var settings = RoutingSettings()
            settings.visitors = ["ann": String(hash.dropLast()), "bob": "$apr1$abcdefgh$abcdefghijklmnopqrstu."]
            let route = Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings)
            #expect(try await fixture.proxy.apply([route]) == [])
            let stranger = await fixture.ask("/")
            #expect(stranger.status == 401)
            #expect(stranger.headers["www-authenticate"] == "Basic realm=\"a\"")
            // ann:wrong, bob:secret, ann:secret
            for word in ["YW5uOndyb25n", "Ym9iOnNlY3JldA=="] {
                #expect(await fixture.ask("/", ["Authorization": "Basic \(word)"]).status == 401)
            }
            #expect(await fixture.ask("/", ["Authorization": "Basic YW5uOnNlY3JldA=="]).status == 200)
            // Another version of the names takes effect.
            settings.visitors = ["bob": String(hash.dropLast())]
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings)
            ])
            #expect(await fixture.ask("/", ["Authorization": "Basic YW5uOnNlY3JldA=="]).status == 401)
            #expect(await fixture.ask("/", ["Authorization": "Basic Ym9iOnNlY3JldA=="]).status == 200)
        }
    }

    @Test func `a site is for visitors only, too`() async throws {
        try await ProxyFixture.with { fixture in
            let hash = try await Curl.run("openssl", ["passwd", "-apr1", "-salt", "abcdefgh", "secret"]).output
            var settings = RoutingSettings()
            settings.visitors = ["ann": String(hash.dropLast())]
            let site = Route.Site(root: try fixture.site("1", ["index.html": "top", "docs/index.html": "docs"]))
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], site: site, settings: settings)])
            for path in ["/", "/index.html", "/none", "/404.html"] { #expect(await fixture.ask(path).status == 401) }
            let answer = await fixture.ask("/", ["Authorization": "Basic YW5uOnNlY3JldA=="])
            #expect(answer.body == "top")
            let docs = await fixture.ask("/docs", ["Authorization": "Basic YW5uOnNlY3JldA=="])
            #expect(docs.headers["location"] == "/docs/")
        }
    }

    @Test func `maintenance answers 503 with a page, whatever is asked`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            var settings = RoutingSettings()
            settings.isInMaintenance = true
            func apply() async throws {
                try await fixture.proxy.apply([
                    Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings)
                ])
            }
            try await apply()
            for (method, path) in [("GET", "/"), ("GET", "/x/y.css"), ("POST", "/form"), ("DELETE", "/x")] {
                let answer = await fixture.ask(path, method: method, ["Content-Length": "0"])
                #expect(answer.status == 503, "\(method)")
                #expect(answer.headers["retry-after"] == "60")
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
                #expect(answer.body.contains("<h1>Back soon</h1>"))
            }
            #expect(await fixture.ask("/", method: "HEAD").status == 503)
            #expect(await fixture.ask("/.martlet/a/maintenance").status == 404)
            settings.maintenancePage = "<p>Own $page; } äöü</p>"
            try await apply()
            #expect(await fixture.ask("/").body == "<p>Own $page; } äöü</p>")
            settings.isInMaintenance = false
            try await apply()
            #expect(await fixture.ask("/").status == 200)
            #expect(await fixture.ask("/.martlet/a/maintenance").body.hasPrefix("a\n"))
        }
    }

    @Test func `tokens of certificate authorities are answered before all else`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            var (closed, guarded) = (RoutingSettings(), RoutingSettings())
            closed.isInMaintenance = true
            guarded.visitors = ["ann": "$apr1$abcdefgh$abcdefghijklmnopqrstu."]
            let certificate = try await fixture.certificate("tls.example")
            let site = Route.Site(root: try fixture.site("1", ["index.html": "top", "404.html": "lost"]))
            let elsewhere = Route.Endpoint(host: "moved.example", redirect: "https://a.example")
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["open.example"], upstreams: [backend.address]),
                Route(app: "b", hosts: ["closed.example"], upstreams: [backend.address], settings: closed),
                Route(app: "c", hosts: ["guarded.example"], upstreams: [backend.address], settings: guarded),
                Route(app: "d", hosts: ["tls.example"], upstreams: [backend.address], certificate: certificate),
                Route(app: "e", endpoints: [elsewhere]), Route(app: "f", hosts: ["site.example"], site: site),
            ])
            let folder = try fixture.proxy.challengeFolder
            let file = URL(filePath: "\(folder)/.well-known/acme-challenge/tok-_n")
            try Data("proof\n".utf8).write(to: file)
            for host in ["open", "closed", "guarded", "tls", "moved", "site", "unknown"] {
                let answer = await fixture.ask("/.well-known/acme-challenge/tok-_n", host: "\(host).example")
                #expect(answer.body == "proof\n", "\(host)")
                #expect(await fixture.ask("/.well-known/acme-challenge/none", host: "\(host).example").status == 404)
            }
        }
    }

    @Test func `a process may be silent for as long as its app says`() async throws {
        try await ProxyFixture.with { fixture in
            // A listener that nobody accepts from.
            let (descriptor, port) = try #require(TCPStream.listen())
            defer { TCPStream.close(descriptor) }
            var settings = RoutingSettings()
            settings.readTimeoutSeconds = 1
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: ["127.0.0.1:\(port)"], settings: settings)
            ])
            let answer = await fixture.ask("/")
            #expect(answer.status == 504)
            #expect(answer.body == "app did not answer in time\n")
        }
    }
}

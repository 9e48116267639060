import Foundation
import Glibc
import Platform
import Routing
import Testing

/// One app's mistake is not another one's.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct AdmissionTests {
    @Test func `an app that cannot be routed is told, and does not stop others`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("good")
            var settings = RoutingSettings()
            settings.visitors = ["ann": "{PLAIN}word"]
            let problems = try await fixture.proxy.apply([
                Route(app: "bad", hosts: ["bad.example; }"], upstreams: [backend.address]),
                Route(app: "good", hosts: ["a.example"], upstreams: [backend.address]),
                Route(app: "open", hosts: ["open.example"], upstreams: [backend.address], settings: settings),
            ])
            #expect(problems.map(\.app) == ["bad", "open"])
            #expect(problems.first?.reason == "'bad.example; }' is not a host name")
            #expect(await fixture.ask("/").status == 200)
            // Never without the visitors that it should have.
            #expect(await fixture.ask("/", host: "open.example").status == 503)
        }
    }

    @Test func `an address that cannot be routed costs that address only`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("good")
            let problems = try await fixture.proxy.apply([
                Route(
                    app: "a",
                    endpoints: [
                        .init(host: "a.example"), .init(host: "b.example", redirect: "http://a_b/"),
                        .init(host: "a.example", path: "/.martlet/x"), .init(host: "c.example", path: "/c"),
                    ], upstreams: [.init(address: backend.address)])
            ])
            #expect(problems.map(\.app) == ["a", "a"])
            #expect(await fixture.ask("/").status == 200)
            #expect(await fixture.ask("/", host: "b.example").status == 404)
            #expect(await fixture.ask("/c", host: "c.example").status == 200)
        }
    }

    @Test func `an address leads to one app, the first by name, and the other is not told which`() async throws {
        try await ProxyFixture.with { fixture in
            let (first, second) = (try Backend("first"), try Backend("second"))
            let problems = try await fixture.proxy.apply([
                Route(app: "second", hosts: ["a.example", "b.example"], upstreams: [second.address]),
                Route(app: "first", hosts: ["a.example", "a.example"], upstreams: [first.address]),
                Route(app: "first", hosts: ["c.example"], upstreams: [second.address]),
            ])
            #expect(
                problems == [
                    RoutingProblem(app: "first", reason: "it is routed twice"),
                    RoutingProblem(app: "second", reason: "'a.example/' leads elsewhere already"),
                ])
            #expect(await fixture.ask("/").body.hasPrefix("first\n"))
            #expect(await fixture.ask("/", host: "b.example").body.hasPrefix("second\n"))
            #expect(await fixture.ask("/", host: "c.example").status == 404)
        }
    }

    @Test func `a snippet is part of its app, and of no other`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let route = Self.route("a", backend, "add_header X-Snippet \"yes; } {\" always;\n# a comment")
            try await fixture.proxy.check(route)
            let problems = try await fixture.proxy.apply([route, Self.route("b", backend, nil)])
            #expect(problems == [])
            #expect(await fixture.ask("/").headers["x-snippet"] == "yes; } {")
            #expect(await fixture.ask("/", host: "b.example").headers["x-snippet"] == nil)
        }
    }

    @Test(arguments: ["no_such_directive on;", "}", "add_header A \"b;", "allow everybody;", "{", "location / {"])
    func `an app whose snippet nginx refuses is answered 503, all others as ever`(snippet: String) async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let routes = [
                Self.route("a", backend, "deny 10.0.0.0/8;"), Self.route("b", backend, snippet),
                Self.route("c", backend, nil),
            ]
            await #expect(throws: RoutingError.self) { try await fixture.proxy.check(routes[1]) }
            for _ in 0..<2 {
                let problems = try await fixture.proxy.apply(routes)
                #expect(problems.map(\.app) == ["b"])
                #expect(problems.first?.reason.hasPrefix("nginx does not take what it is told for it: ") == true)
                #expect(await fixture.ask("/").status == 200)
                #expect(await fixture.ask("/", host: "b.example").body == "app cannot be routed\n")
                #expect(await fixture.ask("/", host: "c.example").status == 200)
            }
            #expect(try await fixture.proxy.apply([Self.route("b", backend, nil)]) == [])
            #expect(await fixture.ask("/", host: "b.example").status == 200)
        }
    }

    @Test func `routes of another version do not stop what runs`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            try await fixture.proxy.apply([Self.route("a", backend, nil)])
            try Data("[{}]".utf8).write(to: URL(filePath: "\(fixture.directory)/routes.json"))
            try await fixture.another().start()
            #expect(await fixture.ask("/").status == 200)
        }
    }

    @Test func `what only nginx may know is for nobody else to read`() async throws {
        try await ProxyFixture.with { fixture in
            var settings = RoutingSettings()
            settings.visitors = ["ann": "$apr1$abcdefgh$abcdefghijklmnopqrstu."]
            let certificate = try await fixture.certificate("a.example")
            let route = Route(app: "a", hosts: ["a.example"], settings: settings, certificate: certificate)
            try await fixture.proxy.apply([route])
            let files = try FileManager.default.subpathsOfDirectory(atPath: fixture.directory)
            let secrets = files.filter { file in
                ["visitors/", "certificates/", "nginx.conf", "routes.json"].contains { file.hasPrefix($0) }
            }
            for file in secrets {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(fixture.directory)/\(file)")
                let mode = try #require(attributes[.posixPermissions] as? Int)
                #expect(mode == (file.hasPrefix("visitors/") ? 0o640 : 0o600), "\(file)")
            }
            #expect(files.contains { $0.hasPrefix("visitors/a-") })
            #expect(files.contains { $0.hasPrefix("certificates/") })
            try await fixture.proxy.apply([])
            let left = try FileManager.default.subpathsOfDirectory(atPath: fixture.directory)
            #expect(!left.contains { $0.hasPrefix("visitors/") || $0.hasPrefix("certificates/") })
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func `a folder that is closed to nginx's workers does not keep what they read from them`() async throws {
        var served: String?
        defer { if let served { try? FileManager.default.removeItem(atPath: served) } }
        try await ProxyFixture.with { fixture in
            let parent = URL(filePath: fixture.directory).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            chmod(parent, 0o700)
            let folder = try fixture.proxy.challengeFolder
            #expect(folder.hasPrefix("/run/martlet-"))
            served = URL(filePath: folder).deletingLastPathComponent().path
            try Data("proof".utf8).write(to: URL(filePath: "\(folder)/.well-known/acme-challenge/token"))
            let (backend, hash) = (try Backend("a"), "$apr1$abcdefgh$abcdefghijklmnopqrstu.")
            var settings = RoutingSettings()
            settings.visitors = ["ann": hash]
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings)
            ])
            #expect(await fixture.ask("/").status == 401)
            #expect(await fixture.ask("/", ["Authorization": "Basic YW5uOndyb25n"]).status == 401)
            #expect(await fixture.ask("/.well-known/acme-challenge/token").body == "proof")
        }
    }

    private static func route(_ app: String, _ backend: Backend, _ snippet: String?) -> Route {
        var settings = RoutingSettings()
        settings.snippet = snippet
        return Route(app: app, hosts: ["\(app).example"], upstreams: [backend.address], settings: settings)
    }
}

import Platform
import Routing
import TestKit
import Testing

/// Hosts that lead to several places.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct PathTests {
    @Test func `apps share a host by paths, the longest first`() async throws {
        try await ProxyFixture.with { fixture in
            let apps = try ["a", "b", "c"].map { try Backend($0) }
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [apps[0].address]),
                Self.route("b", "/api", apps[1]), Self.route("c", "/api/v1.0", apps[2]),
            ])
            let places = [
                "/": "a", "/apix": "a", "/ap": "a", "/x/api": "a", "/API": "a", "/api": "b", "/api/": "b",
                "/api?x": "b",
                "/api/x": "b", "/api/v1": "b", "/api/v1x0/y": "b", "/api/v1.0": "c", "/api/v1.0/x/y": "c",
                "/api/v1.0x": "b", "/x/../api/y": "b", "//api/x": "b",
            ]
            for (path, app) in places {
                #expect(await fixture.ask(path).body.hasPrefix("\(app)\nGET \(path) HTTP/1.1\r\n"), "\(path)")
            }
        }
    }

    @Test func `what no path of a host takes is answered 404`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.proxy.apply([Self.route("a", "/api", try Backend("a"))])
            #expect(await fixture.ask("/api/x").status == 200)
            #expect(await fixture.ask("/").status == 404)
            #expect(await fixture.ask("/apix").body == "no app here\n")
        }
    }

    @Test func `an app may see its paths without the prefix, as they were written`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            try await fixture.proxy.apply([Self.route("a", "/my.api", backend, strips: true)])
            let paths = [
                "/my.api": "/", "/my.api/": "/", "/my.api?x=1": "/?x=1", "/my.api/x/y": "/x/y",
                "/my.api/a%2Fb//c?d=%20e": "/a%2Fb//c?d=%20e", "/my.api/my.api": "/my.api",
                "/my.api/%0d%0aX-Evil:1": "/%0d%0aX-Evil:1",
            ]
            for (asked, seen) in paths {
                let body = await fixture.ask(asked).body
                #expect(body.hasPrefix("a\nGET \(seen) HTTP/1.1\r\n"), "\(asked)")
                #expect(body.contains("\r\nX-Forwarded-Prefix: /my.api\r\n"))
                #expect(body.contains("\r\nHost: a.example\r\n"))
            }
            for path in ["/%6dy.api/x", "//my.api/x", "/x/../my.api/y"] {
                #expect(await fixture.ask(path).status == 404, "\(path)")
            }
            #expect(await fixture.ask("/myxapi/x").body == "no app here\n")
        }
    }

    @Test func `clients cannot claim a prefix`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])])
            #expect(!(await fixture.ask("/", ["X-Forwarded-Prefix": "/evil"]).body.contains("evil")))
        }
    }

    @Test func `a websocket opens below a prefix`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.proxy.apply([Self.route("a", "/live", try Backend("a"), strips: true)])
            let socket = try #require(TCPStream.connect(to: fixture.port))
            socket.write("GET /live/echo HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            #expect(socket.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 101 "))
            socket.write("hello")
            #expect(socket.read(until: "hello") == "hello")
        }
    }

    @Test func `a site lives below a path, beside an app`() async throws {
        try await ProxyFixture.with { fixture in
            let files = ["index.html": "top", "docs/index.html": "docs", "404.html": "lost", "a.3f2a9c1d.js": "code"]
            let site = Route.Site(root: try fixture.site("1", files))
            let backend = try Backend("b")
            let endpoint = Route.Endpoint(host: "a.example", path: "/help", strips: true)
            try await fixture.proxy.apply([
                Route(app: "a", endpoints: [endpoint], site: site),
                Route(app: "b", hosts: ["a.example"], upstreams: [backend.address]),
            ])
            #expect(await fixture.ask("/help/").body == "top")
            #expect(await fixture.ask("/help").body == "top")
            #expect(await fixture.ask("/help/docs").headers["location"] == "/help/docs/")
            #expect(await fixture.ask("/help/docs/").body == "docs")
            #expect(await fixture.ask("/help/none").body == "lost")
            #expect(await fixture.ask("/help/a.3f2a9c1d.js").headers["cache-control"]?.contains("immutable") == true)
            #expect(await fixture.ask("/help/", method: "POST").status == 405)
            #expect(await fixture.ask("/404.html").body.hasPrefix("b\n"))
            #expect(await fixture.ask("/.env").body.hasPrefix("b\n"))
        }
    }

    @Test func `an endpoint sends visitors elsewhere, with what they asked for`() async throws {
        try await ProxyFixture.with { fixture in
            let endpoints = [
                Route.Endpoint(host: "a.example", redirect: "https://www.a.example"),
                Route.Endpoint(host: "b.example", path: "/old", redirect: "https://a.example/new?x=1#y"),
            ]
            try await fixture.proxy.apply([Route(app: "a", endpoints: endpoints)])
            let answer = await fixture.ask("/a%2Fb?c=d")
            #expect(answer.status == 301)
            #expect(answer.headers["location"] == "https://www.a.example/a%2Fb?c=d")
            let post = await fixture.ask("/form", method: "POST", ["Content-Length": "0"])
            #expect(post.status == 308)
            #expect(post.headers["location"] == "https://www.a.example/form")
            let other = await fixture.ask("/old/z?q", host: "b.example")
            #expect(other.headers["location"] == "https://a.example/new?x=1#y")
        }
    }

    @Test func `upstreams get their share`() async throws {
        try await ProxyFixture.with { fixture in
            let (old, new) = (try Backend("old"), try Backend("new"))
            let upstreams = [
                Route.Upstream(address: old.address, weight: 90), Route.Upstream(address: new.address, weight: 10),
            ]
            try await fixture.proxy.apply([
                Route(app: "a", endpoints: [Route.Endpoint(host: "a.example")], upstreams: upstreams)
            ])
            var counts: [String: Int] = [:]
            for _ in 0..<200 {
                counts[String(await fixture.ask("/").body.prefix { $0 != "\n" }), default: 0] += 1
            }
            // Each of nginx's workers counts for itself.
            #expect((18...22).contains(counts["new"] ?? 0))
            #expect(counts.values.reduce(0, +) == 200)
        }
    }

    private static func route(_ app: String, _ path: String, _ backend: Backend, strips: Bool = false) -> Route {
        Route(
            app: app, endpoints: [Route.Endpoint(host: "a.example", path: path, strips: strips)],
            upstreams: [Route.Upstream(address: backend.address)])
    }
}

import Platform
import Routing
import Testing

/// Visitors whom a URL judges.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct ForwardAuthenticationTests {
    /// Answers by the cookie of the request.
    private static func judge() throws -> Backend {
        try Backend("judge") { request in
            func answer(_ line: String, _ headers: String) -> String {
                "HTTP/1.1 \(line)\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n"
            }
            if request.contains("Cookie: ann") {
                return answer("200 OK", "Remote-User: ann\r\nRemote-Groups: admins,x\r\nSet-Cookie: seen=1\r\n")
            }
            if request.contains("Cookie: eve") { return answer("403 Forbidden", "") }
            if request.contains("Cookie: login") {
                return answer("302 Found", "Location: https://login.example/?rd=x\r\n")
            }
            if request.contains("Cookie: broken") { return answer("500 Oops", "") }
            if request.contains("Cookie: tell") {
                let line = request.replacing("\r\n", with: "|").prefix(2000)
                return answer("200 OK", "Remote-Name: \(line)\r\n")
            }
            return answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"judge\"\r\n")
        }
    }

    private static func with(
        _ mode: RoutingSettings.ForwardAuthentication.Mode, url: String? = nil,
        _ body: (ProxyFixture) async throws -> Void
    ) async throws {
        try await ProxyFixture.with { fixture in
            let (backend, judge) = (try Backend("a"), try Self.judge())
            var settings = RoutingSettings()
            settings.forwardAuthentication = .init(url: url ?? "http://localhost:\(judge.port)/verify?x=1", mode: mode)
            settings.hstsSeconds = 5
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings),
                Route(app: "b", hosts: ["b.example"], upstreams: [backend.address]),
            ])
            try await body(fixture)
        }
    }

    @Test func `hard lets in whom the judge does, and tells the app who that is`() async throws {
        try await Self.with(.hard) { fixture in
            let names = [
                "Remote-User", "Remote-Email", "X-Auth-Request-Groups", "X-Forwarded-User", "X-authentik-username",
                "X-Forwarded-Preferred-Username",
            ]
            let lies = Dictionary(uniqueKeysWithValues: names.map { ($0, "root@x") })
            let answer = await fixture.ask("/", ["Cookie": "ann"].merging(lies) { $1 })
            #expect(answer.status == 200)
            #expect(answer.body.contains("\r\nRemote-User: ann\r\n"))
            #expect(answer.body.contains("\r\nRemote-Groups: admins,x\r\n"))
            #expect(!answer.body.contains("root"))
            #expect(answer.headers["set-cookie"] == "seen=1")
            let posted = await fixture.fetch("a.example", "/", body: "body")
            #expect(posted.status == 401)
        }
    }

    @Test func `hard passes on what the judge says to others`() async throws {
        try await Self.with(.hard) { fixture in
            let stranger = await fixture.ask("/x")
            #expect(stranger.status == 401)
            #expect(stranger.headers["www-authenticate"] == "Basic realm=\"judge\"")
            #expect(await fixture.ask("/", ["Cookie": "eve"]).status == 403)
            let login = await fixture.ask("/", ["Cookie": "login"])
            #expect(login.status == 302)
            #expect(login.headers["location"] == "https://login.example/?rd=x")
            let broken = await fixture.ask("/", ["Cookie": "broken"])
            #expect(broken.status == 503)
            #expect(broken.body == "authentication is not reachable\n")
            #expect(await fixture.ask("/.martlet/a/judge", ["Cookie": "ann"]).status == 404)
        }
    }

    @Test func `the judge learns what was asked`() async throws {
        try await Self.with(.hard) { fixture in
            let answer = await fixture.ask(
                "/a%2Fb?c=d", method: "PUT", ["Cookie": "tell", "Content-Length": "0", "Remote-User": "root"])
            let line = answer.body.split(separator: "\r\n").first { $0.hasPrefix("Remote-Name: ") } ?? ""
            #expect(line.hasPrefix("Remote-Name: GET /verify?x=1 HTTP/1.1|"))
            for word in [
                "|Host: localhost:", "|X-Original-Method: PUT|", "|X-Original-URI: /a%2Fb?c=d|",
                "|X-Original-URL: http://a.example/a%2Fb?c=d|", "|X-Forwarded-Method: PUT|",
                "|X-Forwarded-Proto: http|", "|X-Forwarded-Host: a.example|", "|X-Forwarded-Uri: /a%2Fb?c=d|",
                "|X-Forwarded-For: 127.0.0.1|",
            ] { #expect(line.contains(word), "\(word)") }
            #expect(!line.contains("Content-Length") && !line.contains("root"))
        }
    }

    @Test func `soft lets in everybody, and names those who are known`() async throws {
        try await Self.with(.soft) { fixture in
            #expect(await fixture.ask("/", ["Cookie": "ann"]).body.contains("\r\nRemote-User: ann\r\n"))
            for cookie in ["nobody", "eve", "login", "broken"] {
                let answer = await fixture.ask("/", ["Cookie": cookie, "Remote-User": "root"])
                #expect(answer.status == 200, "\(cookie)")
                #expect(!answer.body.contains("Remote-User"))
            }
        }
    }

    @Test func `off asks nobody, and clients still cannot say who they are`() async throws {
        for url in [nil, "http://[::1]/"] {
            try await Self.with(.off, url: url) { fixture in
                let answer = await fixture.ask("/", ["Remote-User": "root", "X-Auth-Request-User": "root"])
                #expect(answer.status == 200 && !answer.body.contains("root"), "\(answer.body)")
                // An app that nobody was ever asked for reads what its clients send.
                #expect(await fixture.ask("/", host: "b.example", ["Remote-User": "root"]).body.contains("root"))
            }
        }
    }

    @Test(arguments: ["http://no-such-host.invalid/", "http://127.0.0.1:1/"])
    func `a judge that is not there lets in nobody, or everybody without a name`(url: String) async throws {
        try await Self.with(.hard, url: url) { fixture in
            let answer = await fixture.ask("/", ["Cookie": "ann"])
            #expect(answer.status == 503)
            #expect(answer.body == "authentication is not reachable\n")
            #expect(await fixture.ask("/", host: "b.example").status == 200)
        }
        try await Self.with(.soft, url: url) { fixture in
            let answer = await fixture.ask("/", ["Remote-User": "root"])
            #expect(answer.status == 200)
            #expect(!answer.body.contains("Remote-User"))
        }
    }

    @Test func `an app that is to judge itself does not ask without end`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            var settings = RoutingSettings()
            settings.forwardAuthentication = .init(url: "http://localhost:\(fixture.port)/", mode: .hard)
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["localhost"], upstreams: [backend.address], settings: settings)
            ])
            #expect(await fixture.ask("/", host: "localhost").status == 503)
        }
    }

    @Test func `a judge whose certificate nobody vouches for is not believed`() async throws {
        try await ProxyFixture.with { fixture in
            let (backend, judge) = (try Backend("a"), try Backend("judge"))
            var settings = RoutingSettings()
            settings.forwardAuthentication = .init(url: "https://localhost:\(fixture.tlsPort)/", mode: .hard)
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings),
                Route(
                    app: "judge", hosts: ["localhost"], upstreams: [judge.address],
                    certificate: try await fixture.certificate("localhost")),
            ])
            #expect(try await Curl.ask("localhost", fixture.tlsPort).status == 200)
            #expect(await fixture.ask("/").status == 503)
        }
    }
}

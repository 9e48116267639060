import Foundation
import Platform
import Routing
import Testing

@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct TLSTests {
    @Test func `each host shows its own certificate, others none at all`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let large = try await fixture.certificate("b.example", key: "rsa:4096")
            // As long as one with those that it stands on.
            let chain = try String(contentsOfFile: large.chain, encoding: .utf8)
            try Data("Bag Attributes: none\n\(chain)\(chain)\(chain)".utf8).write(to: URL(filePath: large.chain))
            try await fixture.proxy.apply([
                Route(
                    app: "a", hosts: ["a.example"], upstreams: [backend.address],
                    certificate: try await fixture.certificate("a.example")),
                Route(app: "b", hosts: ["b.example", "c.example"], upstreams: [backend.address], certificate: large),
                Route(app: "d", hosts: ["d.example"], upstreams: [backend.address]),
            ])
            #expect(try await fixture.subject("a.example").contains("CN = a.example"))
            #expect(try await fixture.subject("b.example").contains("CN = b.example"))
            #expect(try await fixture.subject("C.EXAMPLE").contains("CN = b.example"))
            for host in ["a.example", "b.example", "c.example"] {
                #expect(try await Curl.ask(host, fixture.tlsPort).status == 200, "\(host)")
            }
            for host in ["d.example", "none.example", "127.0.0.1"] {
                #expect(try await Curl.ask(host, fixture.tlsPort).exit == 35, "\(host)")
            }
            #expect(await fixture.ask("/", host: "d.example").status == 200)
        }
    }

    @Test func `the app learns how it was asked`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.proxy.apply([try await Self.route(fixture)])
            let answer = try await Curl.ask("a.example", fixture.tlsPort, "/a%2Fb?c", "-H", "X-Forwarded-Proto: http")
            #expect(answer.line == "HTTP/2 200 ")
            #expect(answer.body.hasPrefix("a\nGET /a%2Fb?c HTTP/1.1\r\n"))
            for field in [
                "Host: a.example:\(fixture.tlsPort)", "X-Forwarded-Proto: https",
                "X-Forwarded-Port: \(fixture.tlsPort)",
                "X-Forwarded-Host: a.example:\(fixture.tlsPort)",
            ] { #expect(answer.body.contains("\r\n\(field)\r\n"), "\(field)") }
            #expect(!answer.body.contains("Proto: http\r\n"))
            #expect(try await Curl.ask("a.example", fixture.tlsPort, "/", "--http1.1").line == "HTTP/1.1 200 OK")
        }
    }

    @Test func `only TLS 1.2 and 1.3 are spoken`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.proxy.apply([try await Self.route(fixture)])
            for (version, isSpoken) in [("1.1", false), ("1.2", true), ("1.3", true)] {
                let options = ["--tlsv\(version)", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0"]
                let answer = try await Curl.ask("https", "a.example", fixture.tlsPort, "/", options)
                #expect((answer.status == 200) == isSpoken, "\(version)")
            }
        }
    }

    @Test func `a session goes on without another handshake in full`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.proxy.apply([try await Self.route(fixture)])
            let place = "127.0.0.1:\(fixture.tlsPort)"
            let words = "openssl s_client -connect \(place) -servername a.example -tls1_2 -reconnect"
            let output = try await Curl.run("sh", ["-c", "\(words) < /dev/null"]).output
            #expect(output.contains("Reused, TLSv1.2"))
            #expect(!output.contains("TLS session ticket:"))
        }
    }

    @Test func `who asks without TLS is sent to it, unless the app says otherwise`() async throws {
        try await ProxyFixture.with { fixture in
            var open = RoutingSettings()
            open.redirectsToHTTPS = false
            let site = Route.Site(root: try fixture.site("1", ["index.html": "top"]))
            try await fixture.proxy.apply([
                try await Self.route(fixture), try await Self.route(fixture, "b", open),
                Route(
                    app: "c", hosts: ["c.example"], site: site,
                    certificate: try await fixture.certificate("c.example")),
            ])
            for host in ["a.example", "c.example"] {
                let answer = await fixture.ask("/a%2Fb?c=d", host: "\(host):\(fixture.port)")
                #expect(answer.status == 301)
                #expect(answer.headers["location"] == "https://\(host):\(fixture.tlsPort)/a%2Fb?c=d")
                let post = await fixture.ask("/form", host: host, method: "POST", ["Content-Length": "0"])
                #expect(post.status == 308)
            }
            #expect(await fixture.ask("/", host: "b.example").status == 200)
            #expect(try await Curl.ask("b.example", fixture.tlsPort).status == 200)
            #expect(try await Curl.ask("c.example", fixture.tlsPort).body == "top")
        }
    }

    @Test func `browsers are told to insist on TLS over TLS only, on every answer, once`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a") { request in
                guard request.hasPrefix("GET /own ") else { return nil }
                return "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n"
            }
            var settings = RoutingSettings()
            settings.hstsSeconds = 86400
            settings.redirectsToHTTPS = false
            func apply(_ settings: RoutingSettings, _ upstreams: [String]) async throws {
                try await fixture.proxy.apply([try await Self.route(fixture, "a", settings, upstreams)])
            }
            func header(_ path: String = "/") async throws -> String? {
                try await Curl.ask("a.example", fixture.tlsPort, path).headers["strict-transport-security"]
            }
            try await apply(settings, [backend.address])
            #expect(try await header() == "max-age=86400")
            #expect(try await header("/own") == "max-age=86400")
            #expect(await fixture.ask("/").headers["strict-transport-security"] == nil)
            try await apply(settings, [])
            #expect(try await header() == "max-age=86400")
            settings.isInMaintenance = true
            try await apply(settings, [])
            #expect(try await header() == "max-age=86400")
            try await apply(RoutingSettings(), [backend.address])
            #expect(try await header() == nil)
            #expect(try await header("/own") == "max-age=1")
        }
    }

    @Test func `a certificate that was renewed is shown as soon as it is applied`() async throws {
        try await ProxyFixture.with { fixture in
            let route = try await Self.route(fixture)
            try await fixture.proxy.apply([route])
            let former = try await fixture.subject("a.example")
            _ = try await fixture.certificate("a.example")
            try await fixture.proxy.apply([route])
            #expect(try await fixture.subject("a.example") != former)
        }
    }

    @Test func `a certificate that cannot be read leaves its host without TLS, and is told`() async throws {
        try await ProxyFixture.with { fixture in
            let good = try await Self.route(fixture)
            let folder = URL(filePath: fixture.directory).deletingLastPathComponent().path
            try Data("-----BEGIN CERTIFICATE-----\n\"; }\n-----END CERTIFICATE-----\n".utf8)
                .write(to: URL(filePath: "\(folder)/bad.crt"))
            let key = try #require(good.endpoints[0].certificate?.key)
            let bad = ["none.crt", "bad.crt"].enumerated().map { index, name in
                Route(
                    app: "bad-\(index)", hosts: ["bad-\(index).example"],
                    certificate: RouteCertificate(chain: "\(folder)/\(name)", key: key))
            }
            let problems = try await fixture.proxy.apply([good] + bad)
            #expect(problems.map(\.app) == ["bad-0", "bad-1"])
            #expect(problems.first?.reason.hasPrefix("the certificate of 'bad-0.example' cannot be used: ") == true)
            #expect(try await Curl.ask("a.example", fixture.tlsPort).status == 200)
            #expect(try await Curl.ask("bad-1.example", fixture.tlsPort).exit == 35)
            #expect(await fixture.ask("/", host: "bad-1.example").body == "app is not running\n")
        }
    }

    static func route(
        _ fixture: ProxyFixture, _ app: String = "a", _ settings: RoutingSettings = RoutingSettings(),
        _ upstreams: [String]? = nil
    ) async throws -> Route {
        Route(
            app: app, hosts: ["\(app).example"], upstreams: try upstreams ?? [Backend(app).address], settings: settings,
            certificate: try await fixture.certificate("\(app).example"))
    }
}

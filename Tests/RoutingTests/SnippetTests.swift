import Platform
import Testing

@testable import Routing

/// What admins write for nginx, beside what is ours.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct SnippetTests {
    private static func with(_ snippet: String, _ body: (ProxyFixture) async throws -> Void) async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            var settings = RoutingSettings()
            settings.snippet = snippet
            let route = Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings)
            #expect(try await fixture.proxy.apply([route]) == [])
            try await body(fixture)
        }
    }

    @Test func `a header of its own for processes takes away none of ours`() async throws {
        try await Self.with("proxy_set_header X-Own 1;\n") { fixture in
            let body = await fixture.ask("/", ["X-Forwarded-Proto": "https"]).body
            for line in ["X-Own: 1", "Host: a.example", "X-Forwarded-Proto: http", "X-Real-IP: 127.0.0.1"] {
                #expect(body.contains("\r\n\(line)\r\n"), "\(line) in \(body)")
            }
        }
    }

    @Test func `a header of ours that it sets is its own, once`() async throws {
        try await Self.with("proxy_set_header Host\n  inner.example;\n# proxy_set_header X-Real-IP x;\n") { fixture in
            let body = await fixture.ask("/").body
            #expect(body.contains("\r\nHost: inner.example\r\n") && !body.contains("\r\nHost: a.example"), "\(body)")
            #expect(body.contains("\r\nX-Real-IP: 127.0.0.1\r\n"))
        }
    }

    @Test func `directives are told from blocks`() {
        let text = "# a b;\nadd_header A b; location /x { add_header C d; }\nproxy_set_header\n E f;"
        #expect(NginxText.directives(text) == [["add_header", "A", "b"], ["proxy_set_header", "E", "f"]])
    }
}

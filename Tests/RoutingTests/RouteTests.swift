import Platform
import Routing
import Testing

/// What may reach nginx at all.
@Suite struct RouteTests {
    @Test func `an ordinary route is taken`() throws {
        var settings = RoutingSettings()
        settings.visitors = ["ann+x@example.com": "$apr1$abcdefgh$abcdefghijklmnopqrstu."]
        let judge = "https://auth.example:9091/api/verify?rd=https://a.example/"
        settings.forwardAuthentication = .init(url: judge, mode: .hard)
        try Route(
            app: "a-1",
            endpoints: [
                Route.Endpoint(host: "a.example", path: "/api/v1.0/~x_y"),
                Route.Endpoint(host: "www.a.example", redirect: "https://a.example/x?y=(z)#w"),
            ], upstreams: [Route.Upstream(address: "172.30.0.2:5000", weight: 100)], settings: settings
        ).check()
        try StreamRoute(app: "a", transport: .udp, port: 53, upstreams: [.init(address: "10.0.0.1:53")]).check()
    }

    @Test(arguments: ["", "a;", "A", "a b", "a\n", "a_b", "ä", String(repeating: "a", count: 64)])
    func `an app has a plain name`(name: String) {
        Self.refuses(Route(app: name, hosts: ["a.example"]))
        #expect(throws: RoutingError.self) {
            try StreamRoute(app: name, transport: .tcp, port: 1, upstreams: []).check()
        }
    }

    @Test(arguments: [
        "", "a.example;", "a.example\n", "A.example", "*.example", "a..b", ".a", "a.", "-a.b", "~a", "a b", "$host",
        "a.example default_server", "a\"b", "[::1]",
    ])
    func `a host is a host name`(host: String) { Self.refuses(Route(app: "a", hosts: [host])) }

    @Test func `an app has a host`() { Self.refuses(Route(app: "a", hosts: [])) }

    @Test(arguments: [
        "", "api", "/api/", "//", "/a//b", "/..", "/a/../b", "/.", "/a b", "/a;", "/a{", "/a$b", "/a\"", "/a(b)",
        "/a|b",
        "/a*", "/a\n", "/%61", "/.martlet/x", "/.well-known/acme-challenge", "/.well-known/acme-challenge/x",
    ])
    func `a path is plain, and none of ours`(path: String) {
        Self.refuses(Route(app: "a", endpoints: [Route.Endpoint(host: "a.example", path: path)]))
    }

    @Test(arguments: [
        "", "127.0.0.1", "127.0.0.256:1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80; }", "example.com:80",
        "127.0.0.1:80 backup", "unix:/run/docker.sock", "1.2.3:4", "1.2.3.4:+5",
    ])
    func `an upstream is an address and a port`(address: String) {
        Self.refuses(Route(app: "a", hosts: ["a.example"], upstreams: [address]))
        #expect(throws: RoutingError.self) {
            try StreamRoute(app: "a", transport: .tcp, port: 1, upstreams: [.init(address: address)]).check()
        }
    }

    @Test(arguments: [0, 101, -1]) func `a weight is 1 to 100`(weight: Int) {
        Self.refuses(
            Route(
                app: "a", endpoints: [Route.Endpoint(host: "a.example")],
                upstreams: [Route.Upstream(address: "1.2.3.4:5", weight: weight)]))
    }

    @Test(arguments: [
        "", "a.example", "ftp://a.example", "javascript:alert(1)", "https://",
        "https://a.example;x", "https://a.example/$host", "https://a.example/a b", "https://a.example/\"",
        "https://a.example/\\",
        "https://a.example/\n", "https://a.example/{", "https://user:word@a.example", "https://a.example:0/",
        "https://a.example:99999/", "https://a.example'", "unix:/run/x",
    ])
    func `a URL is http or https, of plain characters`(url: String) {
        Self.refuses(Route(app: "a", endpoints: [Route.Endpoint(host: "a.example", redirect: url)]))
        var settings = RoutingSettings()
        settings.forwardAuthentication = .init(url: url, mode: .hard)
        Self.refuses(Route(app: "a", hosts: ["a.example"], settings: settings))
        settings.forwardAuthentication?.mode = .off
        #expect(throws: Never.self) { try Route(app: "a", hosts: ["a.example"], settings: settings).check() }
    }

    @Test(arguments: ["", "a:b", "a\nroot", "#a", "a b", "$a", String(repeating: "a", count: 65)])
    func `a visitor has a plain name`(name: String) { Self.refuses(visitors: [name: "$apr1$salt$hash"]) }

    @Test(arguments: [
        "", "word", "{PLAIN}word", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "$6$salt$hash\nroot:x", "$6$salt$a:b",
        "$6$rounds=100000$salt$hash", "$2y$12$abcdefghijklmnopqrstuv", "$2y$31$abcdefghijklmnopqrstuv",
        "$y$j9T$salt$hash", "$7$salt$hash", "$6$rounds=5000$hash", "$6$", "abJnggxhB/yWI",
    ])
    func `a hash is one that is checked quickly`(hash: String) { Self.refuses(visitors: ["ann": hash]) }

    @Test(arguments: [
        "$apr1$abcdefgh$abcdefghijklmnopqrstu.", "$1$salt$hash", "$5$salt$hash", "$6$salt$hash",
        "$6$rounds=5000$salt$hash", "$2y$05$abcdefghijklmnopqrstuv", "$2b$08$abcdefghijklmnopqrstuv",
    ])
    func `the usual hashes are taken`(hash: String) throws {
        var settings = RoutingSettings()
        settings.visitors = ["ann": hash]
        try Route(app: "a", hosts: ["a.example"], settings: settings).check()
    }

    @Test func `numbers are within reason`() {
        var settings = RoutingSettings()
        for change in [\RoutingSettings.maxBodyBytes, \.readTimeoutSeconds, \.hstsSeconds] {
            settings = RoutingSettings()
            settings[keyPath: change] = -1
            Self.refuses(Route(app: "a", hosts: ["a.example"], settings: settings))
        }
        settings = RoutingSettings()
        settings.readTimeoutSeconds = 0
        Self.refuses(Route(app: "a", hosts: ["a.example"], settings: settings))
    }

    private static func refuses(_ route: Route) { #expect(throws: RoutingError.self) { try route.check() } }

    private static func refuses(visitors: [String: String]) {
        var settings = RoutingSettings()
        settings.visitors = visitors
        refuses(Route(app: "a", hosts: ["a.example"], settings: settings))
    }
}

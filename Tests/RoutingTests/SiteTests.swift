import Foundation
import Routing
import Testing

/// Static sites, served by nginx itself.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct SiteTests {
    @Test func `files have their media types, text with its encoding`() async throws {
        let types = [
            "index.html": "text/html; charset=utf-8", "a.css": "text/css; charset=utf-8",
            "a.js": "text/javascript; charset=utf-8", "a.mjs": "text/javascript; charset=utf-8",
            "a.svg": "image/svg+xml; charset=utf-8", "a.json": "application/json; charset=utf-8",
            "a.wasm": "application/wasm", "a.woff2": "font/woff2", "a.xml": "text/xml; charset=utf-8",
            "a.webmanifest": "application/manifest+json; charset=utf-8", "a.txt": "text/plain; charset=utf-8",
            "a.png": "image/png", "a.ico": "image/vnd.microsoft.icon", "a.unknown": "application/octet-stream",
        ]
        try await ProxyFixture.with { fixture in
            try await fixture.serve(types.mapValues { _ in "content" })
            for (name, type) in types {
                let answer = await fixture.ask("/\(name)")
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == type, "\(name)")
                #expect(answer.headers["x-content-type-options"] == "nosniff")
                #expect(answer.body == "content")
            }
        }
    }

    @Test func `a folder is answered with its page`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.serve([
                "index.html": "top", "docs/index.html": "docs", "about.html": "about", "empty/x.txt": "x",
            ])
            #expect(await fixture.ask("/").body == "top")
            #expect(await fixture.ask("/docs/").body == "docs")
            let answer = await fixture.ask("/docs?a=b")
            #expect(answer.status == 301)
            #expect(answer.headers["location"] == "/docs/?a=b")
            #expect(await fixture.ask("/about").body == "about")
            let listing = await fixture.ask("/empty/")
            #expect(listing.status == 404)
            #expect(listing.body == "no such page\n")
        }
    }

    @Test func `what is missing is answered with the site's own page, if it has one`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.serve(["index.html": "top", "404.html": "<p>lost</p>"])
            let answer = await fixture.ask("/none/at/all")
            #expect(answer.status == 404)
            #expect(answer.body == "<p>lost</p>")
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
            #expect(answer.headers["cache-control"] == nil)
        }
    }

    @Test func `a single page answers all paths but those of missing parts`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.serve(
                ["index.html": "app", "a.js": "code", "docs/index.html": "docs", "404.html": "lost"],
                isSinglePage: true)
            for path in ["/", "/users/7", "/users/john.doe", "/docs/none", "/assets/"] {
                let answer = await fixture.ask(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.body == "app")
                #expect(answer.headers["cache-control"] == "no-cache")
            }
            #expect(await fixture.ask("/docs/").body == "docs")
            #expect(await fixture.ask("/a.js").body == "code")
            #expect(await fixture.ask("/old.3f2a9c1d.js").status == 404)
            #expect(await fixture.ask("/old.css").status == 404)
            #expect(await fixture.ask("/.env").status == 404)
        }
    }

    @Test func `browsers keep what cannot change, and ask about pages`() async throws {
        let forEver = "public, max-age=31536000, immutable"
        let ages = [
            "index.html": "no-cache", "page.3f2a9c1d.html": "no-cache", "app.3f2a9c1d.js": forEver,
            "app-3f2a9c1d77.chunk.css": forEver, "index-B4xK92fa.js": forEver, "font.0123456789abcdef.woff2": forEver,
            "app.js": "public, max-age=60", "app-settings.js": "public, max-age=60",
            "report-20240101.pdf": "public, max-age=60", "deadbeef.css": "public, max-age=60",
            "the-MyModule.js": "public, max-age=60",
        ]
        try await ProxyFixture.with { fixture in
            try await fixture.serve(ages.mapValues { _ in "content" })
            for (name, age) in ages {
                #expect(await fixture.ask("/\(name)").headers["cache-control"] == age, "\(name)")
            }
            let missing = await fixture.ask("/gone.3f2a9c1d.js")
            #expect(missing.status == 404)
            #expect(missing.headers["cache-control"] == nil)
        }
    }

    @Test func `a page that is the same is not sent again`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.serve(["index.html": "top"])
            let tag = try #require(await fixture.ask("/").headers["etag"])
            let answer = await fixture.ask("/", ["If-None-Match": tag])
            #expect(answer.status == 304)
            #expect(answer.headers["cache-control"] == "no-cache")
            #expect(await fixture.ask("/", ["If-None-Match": "\"other\""]).status == 200)
        }
    }

    @Test func `text is compressed for those who take that`() async throws {
        try await ProxyFixture.with { fixture in
            let text = String(repeating: "text ", count: 1000)
            try await fixture.serve(["index.html": text, "a.js": text, "a.svg": text, "a.png": text])
            for name in ["index.html", "a.js", "a.svg"] {
                let answer = await fixture.ask("/\(name)", ["Accept-Encoding": "gzip"])
                #expect(answer.headers["content-encoding"] == "gzip", "\(name)")
                #expect(answer.headers["vary"] == "Accept-Encoding")
            }
            #expect(await fixture.ask("/a.png", ["Accept-Encoding": "gzip"]).headers["content-encoding"] == nil)
            #expect(await fixture.ask("/a.js").body == text)
        }
    }

    @Test func `a part of a file can be asked for`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.serve(["index.html": "top", "a.mp4": "0123456789"])
            let answer = await fixture.ask("/a.mp4", ["Range": "bytes=2-4"])
            #expect(answer.status == 206)
            #expect(answer.body == "234")
            #expect(answer.headers["content-range"] == "bytes 2-4/10")
        }
    }

    @Test func `files are only read`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.serve(["index.html": "top", "404.html": "lost"], isSinglePage: true)
            for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
                for path in ["/", "/none"] {
                    let answer = await fixture.ask(path, method: method, ["Content-Length": "0"])
                    #expect(answer.status == 405, "\(method)")
                    #expect(answer.headers["allow"] == "GET, HEAD")
                }
            }
            let head = await fixture.ask("/", method: "HEAD")
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == "3")
            #expect(head.body == "")
        }
    }

    @Test func `nothing but the site's own files is served`() async throws {
        try await ProxyFixture.with { fixture in
            let secret = try fixture.site("secret", ["key.txt": "secret"])
            try await fixture.serve([
                "index.html": "top", ".env": "secret", ".git/config": "secret", "sub/.htpasswd": "secret",
                ".well-known/security.txt": "public", ".well-known/.env": "secret", "link.txt": "->\(secret)/key.txt",
                "folder": "->\(secret)", "passwd.html": "->/etc/passwd", "inner.txt": "->index.html",
            ])
            let paths = [
                "/.env", "/%2eenv", "/.git/config", "/.git/", "/sub/.htpasswd", "/.well-known/.env", "/link.txt",
                "/folder/key.txt", "/passwd", "/passwd.html", "/inner.txt", "/..%2fsecret/key.txt",
                "/../secret/key.txt", "/x/../../secret/key.txt",
            ]
            for path in paths {
                let answer = await fixture.ask(path)
                #expect([400, 404].contains(answer.status), "\(path)")
                #expect(!answer.body.contains("secret") && !answer.body.contains("root:"), "\(path)")
            }
            #expect(await fixture.ask("/.well-known/security.txt").body == "public")
        }
    }

    @Test func `switching between versions loses no request, and later ones all see the new one`() async throws {
        try await ProxyFixture.with { fixture in
            let roots = [
                try fixture.site("1", ["index.html": "version 0"]), try fixture.site("2", ["index.html": "version 1"]),
            ]
            try await fixture.proxy.apply([Self.route(roots[0])])
            let load = Load(port: fixture.port, host: "a.example", clients: 4)
            for turn in 1...10 {
                try await fixture.proxy.apply([Self.route(roots[turn % 2])])
                for _ in 0..<10 { #expect(await fixture.ask("/").body == "version \(turn % 2)") }
            }
            let (answered, failures) = await load.stop()
            #expect(answered >= 200)
            #expect(failures == [])
        }
    }

    @Test func `a site and a process follow each other under one name`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("process")
            try await fixture.serve(["index.html": "files"])
            let load = Load(port: fixture.port, host: "a.example", clients: 2)
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])])
            #expect(await fixture.ask("/").body.hasPrefix("process\n"))
            try await fixture.serve(["index.html": "files"])
            #expect(await fixture.ask("/").body == "files")
            #expect(await load.stop().failures == [])
        }
    }

    @Test(arguments: [
        "", "/", "sites", "../x", "/a/../b", "/a/./b", "/a;b", "/a\"b", "/a$b", "/a{b", "/a\nb", "/a\\b", "/a#b", "/a*",
    ])
    func `a folder that means something to nginx never reaches it`(root: String) {
        #expect(throws: RoutingError.self) { try Self.route(root).check() }
    }

    private static func route(_ root: String) -> Route {
        Route(app: "a", hosts: ["a.example"], site: Route.Site(root: root))
    }
}

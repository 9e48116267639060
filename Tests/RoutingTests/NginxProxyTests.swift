import Foundation
import Glibc
import Platform
import Routing
import TestKit
import Testing

@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct NginxProxyTests {
    @Test func `a host leads to its app, which learns who asked`() async throws {
        try await ProxyFixture.with { fixture in
            let (blog, shop) = (try Backend("blog"), try Backend("shop"))
            try await fixture.proxy.start()
            try await fixture.proxy.apply([
                Route(app: "blog", hosts: ["blog.example", "www.blog.example"], upstreams: [blog.address]),
                Route(app: "shop", hosts: ["shop.example"], upstreams: [shop.address]),
            ])
            #expect(await fixture.fetch("shop.example").body.hasPrefix("shop\n"))
            let (status, body) = await fixture.fetch("www.blog.example:\(fixture.port)", "/a%2Fb//c?d=e")
            #expect(status == 200)
            #expect(body.hasPrefix("blog\nGET /a%2Fb//c?d=e HTTP/1.1\r\n"))
            #expect(body.contains("\r\nHost: www.blog.example:\(fixture.port)\r\n"))
            #expect(body.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"))
            #expect(body.contains("\r\nX-Forwarded-Proto: http\r\n"))
        }
    }

    @Test func `a host that no app has, and an app that does not run, are answered so`() async throws {
        try await ProxyFixture.with { fixture in
            let gone = try Backend("gone")
            gone.stop()
            try await fixture.proxy.start()
            try await fixture.proxy.apply([
                Route(app: "off", hosts: ["off.example"], upstreams: []),
                Route(app: "gone", hosts: ["gone.example"], upstreams: [gone.address]),
            ])
            #expect(await fixture.fetch("none.example") == (404, "no app here\n"))
            #expect(await fixture.fetch("off.example") == (503, "app is not running\n"))
            #expect(await fixture.fetch("gone.example") == (502, "app is not answering\n"))
        }
    }

    @Test func `a process that refuses is passed over for another one`() async throws {
        try await ProxyFixture.with { fixture in
            let (one, gone) = (try Backend("one"), try Backend("gone"))
            gone.stop()
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [gone.address, one.address])
            ])
            for _ in 0..<10 { #expect(await fixture.fetch("a.example").status == 200) }
        }
    }

    @Test func `switching loses no request, and later ones all take the new route`() async throws {
        try await ProxyFixture.with { fixture in
            let backends = [try Backend("0"), try Backend("1")]
            try await fixture.proxy.start()
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backends[0].address])])
            let load = Load(port: fixture.port, host: "a.example", clients: 4)
            for turn in 1...10 {
                let backend = backends[turn % 2]
                try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])])
                for _ in 0..<10 {
                    let (_, body) = await fixture.fetch("a.example")
                    #expect(body.hasPrefix("\(backend.name)\n"))
                }
            }
            let (answered, failures) = await load.stop()
            #expect(answered >= 200)
            #expect(failures == [])
        }
    }

    @Test func `an upgraded connection outlives a switch`() async throws {
        try await ProxyFixture.with { fixture in
            let (old, new) = (try Backend("old"), try Backend("new"))
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [old.address])])
            let socket = try #require(TCPStream.connect(to: fixture.port))
            socket.write("GET /echo HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            #expect(socket.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 101 "))
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [new.address])])
            socket.write("still here")
            #expect(socket.read(until: "here") == "still here")
        }
    }

    @Test func `workers that were replaced end, the oldest first, once there are too many`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let proxy = fixture.another(mostRetired: 2)
            var sockets: [TCPStream] = []
            for turn in 0..<5 {
                try await proxy.apply([
                    Route(app: "a", hosts: ["a.example", "\(turn).example"], upstreams: [backend.address])
                ])
                let socket = try #require(TCPStream.connect(to: fixture.port))
                socket.write("GET /echo HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                #expect(socket.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 101 "))
                sockets.append(socket)
            }
            #expect(sockets[0].readToEnd() == "")
            for socket in sockets.dropFirst() {
                socket.write("still here")
                #expect(socket.read(until: "here") == "still here")
            }
        }
    }

    @Test func `a restarted daemon adopts nginx and its routes`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let route = Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])
            try await fixture.proxy.start()
            try await fixture.proxy.apply([route])
            let master = fixture.master
            let other = fixture.another()
            #expect(other.isRunning)
            try await other.start()
            #expect(fixture.master == master)
            #expect(await fixture.fetch("a.example").status == 200)
            let written = try Self.modification(of: "\(fixture.directory)/nginx.conf")
            try await other.apply([route])
            #expect(try Self.modification(of: "\(fixture.directory)/nginx.conf") == written)
        }
    }

    @Test func `another port takes effect with the routes kept`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])])
            let port = try ProxyFixture.freePort()
            let master = fixture.master
            try await fixture.another(port: port).start()
            #expect(fixture.master == master)
            #expect(await fixture.fetch("a.example", port: port).status == 200)
            #expect(await fixture.fetch("a.example").status == 0)
        }
    }

    @Test func `a configuration that nginx refuses leaves the former one in force`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])])
            let log = "\(fixture.directory)/access.log"
            try FileManager.default.moveItem(atPath: log, toPath: log + ".old")
            try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: false)
            let error = await #expect(throws: RoutingError.self) { try await fixture.proxy.apply([]) }
            #expect(error?.description.contains("Is a directory") == true)
            #expect(await fixture.fetch("a.example").status == 200)
            try FileManager.default.removeItem(atPath: log)
            try await fixture.proxy.apply([])
            #expect(await fixture.fetch("a.example").status == 404)
        }
    }

    @Test func `a port that is in use is told, with what to do`() async throws {
        try await ProxyFixture.with { fixture in
            let (descriptor, _) = try #require(TCPStream.listen(on: fixture.port))
            defer { close(descriptor) }
            let error = await #expect(throws: RoutingError.self) { try await fixture.proxy.start() }
            #expect(
                error?.description == "cannot listen on port \(fixture.port): address already in use; "
                    + "stop the other program or set MARTLET_HTTP_PORT")
            #expect(!fixture.proxy.isRunning)
        }
    }

    @Test func `nginx starts again after its master was killed, though workers are left`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            try await fixture.proxy.apply([Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])])
            let killed = try #require(fixture.master)
            kill(killed, SIGKILL)
            try await fixture.waitUntil { !fixture.proxy.isRunning }
            #expect(await fixture.fetch("a.example").status == 200)
            try await fixture.proxy.start()
            #expect(fixture.master != killed)
            #expect(fixture.proxy.isRunning)
            for _ in 0..<20 { #expect(await fixture.fetch("a.example").status == 200) }
        }
    }

    @Test func `stopping ends nginx for good`() async throws {
        try await ProxyFixture.with { fixture in
            try await fixture.proxy.stop()
            try await fixture.proxy.start()
            #expect(await fixture.fetch("a.example").status == 404)
            try await fixture.proxy.stop()
            #expect(!fixture.proxy.isRunning)
            #expect(await fixture.fetch("a.example").status == 0)
        }
    }

    @Test func `bodies pass up to their limit`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            var settings = RoutingSettings()
            settings.maxBodyBytes = 5 << 20
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: [backend.address], settings: settings)
            ])
            #expect(await fixture.fetch("a.example", body: String(repeating: "x", count: 4 << 20)).status == 200)
            #expect(await fixture.fetch("a.example", body: String(repeating: "x", count: 6 << 20)).status == 413)
        }
    }

    @Test func `a thousand apps are routed`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let long = String(repeating: "a.", count: 100) + "example"
            try await fixture.proxy.apply(
                (0..<1000).map { Route(app: "app-\($0)", hosts: ["app-\($0).\(long)"], upstreams: [backend.address]) })
            #expect(await fixture.fetch("app-999.\(long)").status == 200)
        }
    }

    private static func modification(of path: String) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }
}

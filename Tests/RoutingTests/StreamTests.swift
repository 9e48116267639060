import Foundation
import Glibc
import Platform
import Routing
import TestKit
import Testing
import Threads

/// Ports without HTTP.
@Suite(.enabled(if: ProxyFixture.hasStreams, "needs nginx with its stream module"), .timeLimit(.minutes(2)))
struct StreamTests {
    @Test func `a TCP port leads to its app, beside routes, and to nobody when it does not run`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let port = try ProxyFixture.freePort()
            let routes = [Route(app: "a", hosts: ["a.example"], upstreams: [backend.address])]
            try await fixture.proxy.apply(routes)
            let stream = StreamRoute(
                app: "a", transport: .tcp, port: port, upstreams: [.init(address: backend.address)])
            #expect(try await fixture.proxy.apply(routes, streams: [stream]) == [])
            #expect(await fixture.fetch("any", "/x", port: port).body.hasPrefix("a\nGET /x HTTP/1.1\r\n"))
            #expect(await fixture.ask("/").status == 200)
            let other = fixture.another()
            try await other.start()
            #expect(await fixture.fetch("any", port: port).status == 200)
            #expect(try await fixture.proxy.apply(routes, streams: [stream]) == [])
            try await fixture.proxy.apply(
                routes, streams: [StreamRoute(app: "a", transport: .tcp, port: port, upstreams: [])])
            #expect(TCPStream.connect(to: port) == nil)
        }
    }

    @Test func `a connection outlives a switch`() async throws {
        try await ProxyFixture.with { fixture in
            let (old, new) = (try Backend("old"), try Backend("new"))
            let port = try ProxyFixture.freePort()
            func lead(to backend: Backend) async throws {
                let upstreams = [Route.Upstream(address: backend.address)]
                try await fixture.proxy.apply(
                    [], streams: [StreamRoute(app: "a", transport: .tcp, port: port, upstreams: upstreams)])
            }
            try await lead(to: old)
            let socket = try #require(TCPStream.connect(to: port))
            socket.write("GET /echo HTTP/1.1\r\n\r\n")
            #expect(socket.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 101 "))
            try await lead(to: new)
            #expect(await fixture.fetch("any", port: port).body.hasPrefix("new\n"))
            socket.write("still here")
            #expect(socket.read(until: "here") == "still here")
        }
    }

    @Test func `a UDP port leads to its app`() async throws {
        try await ProxyFixture.with { fixture in
            let port = try ProxyFixture.freePort()
            let process = try Datagrams()
            defer { process.stop() }
            let upstreams = [Route.Upstream(address: "127.0.0.1:\(process.port)")]
            try await fixture.proxy.apply(
                [], streams: [StreamRoute(app: "a", transport: .udp, port: port, upstreams: upstreams)])
            startThread {
                while let (text, sender) = process.receive() { process.send("echo \(text)", to: sender) }
            }
            let client = try Datagrams()
            defer { client.stop() }
            for number in 0..<5 {
                client.send("\(number)", to: Datagrams.address(port))
                let answer = await onOwnThread { client.receive()?.text }
                try #require(answer == "echo \(number)")
            }
            // Without waiting until the client is taken to be gone.
            kill(try #require(fixture.master), SIGTERM)
        }
    }

    @Test func `ports are there again at once after nginx's master was killed`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let port = try ProxyFixture.freePort()
            let upstreams = [Route.Upstream(address: backend.address)]
            let stream = StreamRoute(app: "a", transport: .tcp, port: port, upstreams: upstreams)
            try await fixture.proxy.apply([], streams: [stream])
            let killed = try #require(fixture.master)
            kill(killed, SIGKILL)
            try await fixture.waitUntil { !fixture.proxy.isRunning }
            // Workers without a master have it meanwhile.
            #expect(try await fixture.proxy.apply([], streams: [stream]) == [])
            #expect(fixture.master != killed)
            #expect(await fixture.fetch("any", port: port).status == 200)
        }
    }

    @Test func `a port that another program or app has is told, and does not stop others`() async throws {
        try await ProxyFixture.with { fixture in
            let backend = try Backend("a")
            let (descriptor, taken) = try #require(TCPStream.listen())
            defer { close(descriptor) }
            let port = try ProxyFixture.freePort()
            let streams = [(taken, "a"), (port, "b"), (port, "c"), (fixture.port, "d"), (0, "e")].map {
                StreamRoute(app: $1, transport: .tcp, port: $0, upstreams: [.init(address: backend.address)])
            }
            let problems = try await fixture.proxy.apply([], streams: streams)
            #expect(
                problems == [
                    RoutingProblem(app: "c", reason: "port \(port)/tcp is taken already"),
                    RoutingProblem(app: "d", reason: "port \(fixture.port)/tcp is taken already"),
                    RoutingProblem(app: "e", reason: "there is no such port"),
                    RoutingProblem(app: "a", reason: "port \(taken)/tcp is in use by another program"),
                ])
            #expect(fixture.another().problems == problems && fixture.another().stale([], streams: streams) == [])
            // It is not taken for ours with the next change, which nginx would refuse for it.
            let next = Route(app: "f", hosts: ["f.example"], upstreams: [backend.address])
            #expect(try await fixture.proxy.apply([next], streams: streams).last == problems.last)
            #expect(await fixture.fetch("f.example").status == 200)
            #expect(await fixture.fetch("any", port: port).status == 200)
        }
    }
}

import Foundation
import Platform
import Routing
import Testing

/// Processes that speak HTTP/2 without TLS. Another nginx plays one.
@Suite(.enabled(if: ProxyFixture.isUsable, "needs nginx"), .timeLimit(.minutes(2)))
struct GRPCTests {
    @Test func `a process is spoken to in HTTP/2, with the prefix taken away`() async throws {
        try await ProxyFixture.with { fixture in
            try await Self.withProcess(fixture) { address in
                var settings = RoutingSettings()
                settings.upstreamProtocol = .grpc
                let certificate = try await fixture.certificate("a.example")
                let endpoints = [
                    Route.Endpoint(host: "a.example", certificate: certificate),
                    Route.Endpoint(host: "a.example", path: "/rpc", strips: true),
                ]
                let route = Route(
                    app: "a", endpoints: endpoints, upstreams: [.init(address: address)], settings: settings)
                #expect(try await fixture.proxy.apply([route]) == [])
                let options = ["-X", "POST", "-H", "content-type: application/grpc", "-H", "te: trailers", "-d", "x"]
                for (path, seen) in [("/pkg.Service/Call", "/pkg.Service/Call"), ("/rpc/pkg.S/C", "/pkg.S/C")] {
                    let answer = try await Curl.ask("https", "a.example", fixture.tlsPort, path, options)
                    #expect(answer.line == "HTTP/2 200 ")
                    let host = "a.example:\(fixture.tlsPort)"
                    #expect(answer.body == "HTTP/2.0 POST \(seen) \(host) https 127.0.0.1 application/grpc")
                }
            }
        }
    }

    @Test func `a process that is gone is answered for`() async throws {
        try await ProxyFixture.with { fixture in
            var settings = RoutingSettings()
            settings.upstreamProtocol = .grpc
            try await fixture.proxy.apply([
                Route(app: "a", hosts: ["a.example"], upstreams: ["127.0.0.1:1"], settings: settings)
            ])
            #expect(await fixture.ask("/").status == 502)
        }
    }

    private static func withProcess(_ fixture: ProxyFixture, _ body: (String) async throws -> Void) async throws {
        let port = try ProxyFixture.freePort()
        let folder = URL(filePath: fixture.directory).deletingLastPathComponent().appending(path: "grpc").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let words =
            "$server_protocol $request_method $request_uri $host:$http_x_forwarded_port "
            + "$http_x_forwarded_proto $http_x_real_ip $content_type"
        let text = """
            pid \(folder)/pid; error_log \(folder)/error.log; events {}
            http {
                access_log off;
                client_body_temp_path \(folder)/b; proxy_temp_path \(folder)/p; fastcgi_temp_path \(folder)/f;
                uwsgi_temp_path \(folder)/u; scgi_temp_path \(folder)/s;
                server { listen 127.0.0.1:\(port) http2; return 200 "\(words)"; }
            }
            """
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/conf"))
        let options = ["-p", folder, "-c", "\(folder)/conf", "-e", "\(folder)/error.log"]
        try #require(try await Curl.run("/usr/sbin/nginx", options).exit == 0)
        do {
            try await body("127.0.0.1:\(port)")
        } catch {
            _ = try await Curl.run("/usr/sbin/nginx", options + ["-s", "stop"])
            throw error
        }
        _ = try await Curl.run("/usr/sbin/nginx", options + ["-s", "stop"])
    }
}

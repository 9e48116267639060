import Foundation
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct SiteTests {
        @Test func `a folder of files is a site, and each version of it stays for a return`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "blog", sample: "static-site")
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(try await server.page("blog").output.hasPrefix("<h1>Hello from a static site</h1>"))
                #expect(try await server.page("blog", "/.env").output.hasSuffix("404"))
                #expect(try await server.containers() == [])
                let headers = try await Command([
                    "curl", "--silent", "--head", "--header", "Host: blog.localhost",
                    "http://127.0.0.1:\(server.httpPort)/style.css",
                ]).run().output.lowercased()
                #expect(headers.contains("content-type: text/css"))
                #expect(headers.contains("cache-control: "))

                try await clone.write("index.html", "second\n")
                let requests = Requests(server, app: "blog")
                try await requests.during {
                    let second = try await clone.push()
                    #expect(second.status == 0, "\(second)")
                }
                #expect(requests.failures == [])
                #expect(try await server.page("blog").output == "second\n\n200")
                let app = try await server.sql("select id from apps")
                let kept = try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/sites/\(app)")
                #expect(kept.sorted() == ["1", "2"])
            }
        }

        @Test func `a single-page app answers every path`() async throws {
            try await TestServer.with { server in
                let push = try await TestClone(server, app: "spa", sample: "static-spa").push()
                #expect(push.status == 0, "\(push)")
                let page = try await server.page("spa", "/some/view").output
                #expect(page.hasSuffix("\n200"))
                #expect(try await server.page("spa").output == page)
                #expect(try await server.page("spa", "/missing.js").output.hasSuffix("404"))
            }
        }

        @Test func `a Dockerfile makes a site, and so do commands; then the app may run again`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "site")
                try await clone.write(
                    "Dockerfile", "FROM martlet/busybox\nRUN mkdir /out && echo docker > /out/index.html\n")
                try await clone.write("martlet.yaml", "static: {folder: /out}\n")
                let docker = try await clone.push()
                #expect(docker.status == 0, "\(docker)")
                #expect(try await server.page("site").output == "docker\n\n200")

                try await clone.write(
                    "martlet.yaml",
                    "build:\n  base: martlet/busybox\n  commands: [mkdir dist, echo commands > dist/index.html]\nstatic: dist\n"
                )
                let commands = try await clone.push()
                #expect(commands.status == 0, "\(commands)")
                #expect(try await server.page("site").output == "commands\n\n200")

                try await clone.use("hello")
                #expect(try await clone.push().status == 0)
                #expect(try await server.page("site").output.hasSuffix("\n200"))
                #expect(try await server.containers().count == 1)
            }
        }

        @Test func `a folder that is not there fails the push and leaves the old site`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "blog", sample: "static-site")
                #expect(try await clone.push().status == 0)
                try await clone.write("Dockerfile", "FROM martlet/busybox\n")
                try await clone.write("martlet.yaml", "static: dist\n")
                let push = try await clone.push()
                #expect(push.status == 1)
                #expect(push.errors.contains("dist"), "\(push)")
                #expect(try await server.page("blog").output.hasSuffix("\n200"))
            }
        }
    }
}

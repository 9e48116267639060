import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    /// With a certificate authority that looks for its tokens where nginx serves them.
    @Suite(.enabled(if: Requirement.docker && Requirement.certificateAuthority, "needs Docker, lego and pebble"))
    struct CertificateTests {
        @Test func `apps and their domains get TLS, and keep it when nothing can be renewed`() async throws {
            let ports = (http: try Scratch.freePort(), https: try Scratch.freePort())
            try await Authority.with(httpPort: ports.http) { authority in
                let settings = [
                    "MARTLET_HTTP_PORT": "\(ports.http)", "MARTLET_HTTPS_PORT": "\(ports.https)",
                    "MARTLET_BASE_DOMAIN": "apps.example", "MARTLET_ACME_EMAIL": "admin@apps.example",
                    "MARTLET_ACME_DIRECTORY": authority.directory, "MARTLET_ACME_CA_FILE": authority.rootsFile,
                ]
                try await TestServer.with(settings) { server in
                    let root = try await authority.root()
                    let clone = try await TestClone(server, app: "shop", sample: "hello")
                    try await clone.write("index.html", "hello\n")
                    #expect(try await clone.push().status == 0)
                    var seen = ""
                    try await eventually(within: .seconds(40), "the app has a certificate: \(seen)") {
                        seen = try await page("shop.apps.example", ports.https, root)
                        return seen == "hello\n200"
                    }
                    // nginx's former workers may answer for a moment longer.
                    try await eventually("visitors are sent there") {
                        try await Command([
                            "curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code} %{redirect_url}",
                            "--header", "Host: shop.apps.example", "http://127.0.0.1:\(ports.http)/a?b=c",
                        ]).run().output == "301 https://shop.apps.example:\(ports.https)/a?b=c"
                    }

                    #expect(try await server.ssh("domains add shop www.shop.example").status == 0)
                    try await eventually(within: .seconds(40), "the domain has one as well") {
                        try await page("www.shop.example", ports.https, root) == "hello\n200"
                    }
                    try await eventually("routes are as they should be") {
                        try await server.ssh("drift").status == 0
                    }
                    try await refuse(authority, server, root, ports.https)
                }
            }
        }

        /// What is not renewed is told, and goes on.
        private func refuse(_ authority: Authority, _ server: TestServer, _ root: String, _ port: Int) async throws {
            authority.stop()
            // Another one than the attempt that got it.
            _ = try await server.sql("update certificates set tried_at = now() - interval '1 hour'")
            #expect(try await server.ssh("certificates renew shop www.shop.example").status == 0)
            try await eventually("it is told why") {
                try await server.ssh("certificates info shop www.shop.example").output.contains("could not")
            }
            #expect(try await page("www.shop.example", port, root) == "hello\n200")
            #expect(try await page("shop.apps.example", port, root) == "hello\n200")
        }

        /// The page of a host by TLS, which must be the host's own by the authority's root, and its status.
        private func page(_ host: String, _ port: Int, _ root: String) async throws -> String {
            try await Command([
                "curl", "--silent", "--show-error", "--cacert", root, "--resolve", "\(host):\(port):127.0.0.1",
                "--write-out",
                "%{http_code}", "https://\(host):\(port)/",
            ]).run().text
        }
    }
}

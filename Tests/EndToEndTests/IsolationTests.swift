import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    /// What a program in a container may reach, and what it may do.
    @Suite(.enabled(if: Requirement.machine, "needs root and dockerd")) struct IsolationTests {
        @Test func `an app reaches neither another one nor this machine's services, only the proxy`() async throws {
            try await Machine.with { machine in
                let settings = ["MARTLET_SSH_HOST": "0.0.0.0", "MARTLET_HTTP_HOST": "0.0.0.0"]
                try await TestServer.with(settings, on: machine) { server in
                    for app in ["shop", "blog"] {
                        #expect(try await TestClone(server, app: app, sample: "greeter").push().status == 0)
                    }
                    let shop = try await container(of: "shop", server)
                    let address = try await server.sql(
                        """
                        select p.address from processes p join releases r on r.id = p.release_id
                        join apps a on a.id = r.app_id where a.name = 'blog' and p.state = 'running'
                        """)
                    let blog = address.split(separator: ":").map(String.init)
                    let gateway = try await server.docker(
                        "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}", shop
                    ).output.trimmingCharacters(in: .whitespacesAndNewlines)
                    // The machine itself reaches all of these, so that it is for want of rules if a container does.
                    let listener = try Command(
                        machine.prefix + ["busybox", "nc", "-ll", "-p", "5432", "-e", "true"]
                    ).start()
                    defer { listener.signal(SIGKILL) }
                    for (host, port) in [(blog[0], blog[1]), (gateway, "5432"), (gateway, "\(server.sshPort)")] {
                        try await eventually("this machine reaches \(host):\(port)") {
                            try await Command(machine.prefix + ["busybox", "nc", "-w", "2", host, port, "-e", "true"])
                                .run().status == 0
                        }
                        #expect(try await !reaches(host, port, from: shop, server), "\(host):\(port)")
                    }
                    #expect(try await reaches(gateway, "\(server.httpPort)", from: shop, server))
                    #expect(try await reaches("127.0.0.1", "5000", from: shop, server))
                }
            }
        }

        @Test func `processes run without privileges and within their limits`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "greeter")
                #expect(try await clone.push().status == 0)
                #expect(try await server.ssh("limits set shop web memory=64M cpus=0.5").status == 0)
                let shop = try await container(of: "shop", server)
                let host = try await server.docker(
                    "inspect", "-f",
                    "{{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.Privileged}} {{.HostConfig.Init}} "
                        + "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.Mounts}}", shop)
                #expect(host.output == "[ALL] [no-new-privileges] false true 67108864 500000000 512 []\n")
                // Root may not even give a file away.
                let change = try await server.docker("exec", shop, "chown", "1:1", "/tmp")
                #expect(change.status != 0)
                let hungry = try await server.docker("exec", shop, "tail", "/dev/zero")
                #expect(hungry.status == 137 || hungry.text.contains("out of memory"), "\(hungry)")
            }
        }

        private func reaches(
            _ host: String, _ port: String, from container: String, _ server: TestServer
        ) async throws -> Bool {
            try await server.docker("exec", container, "nc", "-w", "2", host, port, "-e", "true").status == 0
        }

        private func container(of app: String, _ server: TestServer) async throws -> String {
            try await server.sql(
                """
                select p.container from processes p join releases r on r.id = p.release_id
                join apps a on a.id = r.app_id where a.name = '\(app)' and p.state = 'running'
                """)
        }
    }
}

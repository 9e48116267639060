import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct RoutingTests {
        @Test func `what is set is in force when the command ends`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                for _ in 0..<3 {
                    #expect(try await server.ssh("maintenance on shop").status == 0)
                    #expect(try await server.page("shop").output.hasSuffix("503"))
                    #expect(try await server.ssh("maintenance off shop").status == 0)
                    #expect(try await server.page("shop").output.hasSuffix("200"))
                }
                // As well by a process of its own, beside the server.
                #expect(try await server.local("maintenance", "on", "shop").status == 0)
                #expect(try await server.page("shop").output.hasSuffix("503"))
                #expect(try await server.local("maintenance", "off", "shop").status == 0)
                #expect(try await server.ssh("apps rename shop store").status == 0)
                #expect(try await server.page("store").output.hasSuffix("200"))

                await server.signal(SIGTERM)
                #expect(try await server.ended() == 0)
                let alone = try await server.local("maintenance", "on", "store")
                #expect(alone.status == 0 && alone.errors.contains("once the server runs"), "\(alone)")
                try await server.start()
                try await eventually("it is made up for") { try await server.page("store").output.hasSuffix("503") }
            }
        }

        @Test func `an app that somebody took off its network is reached again`() async throws {
            try await TestServer.with { server in
                #expect(try await TestClone(server, app: "shop", sample: "hello").push().status == 0)
                let network = try await server.sql("select 'martlet-' || id from apps")
                let container = try #require(try await server.containers().first)
                #expect(try await server.docker("network", "disconnect", "--force", network, container).status == 0)
                // At once, not with the next pass.
                try await eventually("it answers") { try await server.page("shop").output.hasSuffix("200") }
                #expect(try await server.containers() == [container])
                try await eventually("nothing differs") { try await server.ssh("drift shop").status == 0 }
            }
        }

        @Test func `what cannot be routed is refused, or told wherever people look`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                let snippet = try await server.ssh("routing set shop --snippet", input: "no_such_directive on;\n")
                #expect(snippet.status == 2, "\(snippet)")
                #expect(snippet.errors.contains("unknown directive \"no_such_directive\"; ") == false)
                #expect(
                    snippet.errors.contains("nginx does not take the app's snippet: unknown directive"), "\(snippet)")
                #expect(try await server.ssh("routing show shop").output.contains("snippet") == false)
                #expect(try await server.ssh("routing set shop --snippet", input: "add_header X-A b;\n").status == 0)

                #expect(
                    try await server.ssh("routing set shop --snippet", input: "location = /up { return 204; }\n").status
                        == 0)
                let below = try await server.ssh("domains add shop www.example.com/api")
                #expect(below.status == 2 && below.errors.contains("snippet"), "\(below)")
                #expect(try await server.ssh("domains add shop www.example.com").status == 0)
                #expect(try await server.page("shop", "/up").output.hasSuffix("204"))
                let loop = try await server.ssh("domains add shop a.example.com --redirect http://a.example.com/")
                #expect(loop.status == 2 && loop.errors.contains("without end"), "\(loop)")

                let own = try await server.ssh("ports add shop \(server.httpPort)")
                #expect(own.status == 1 && own.errors.contains("the server itself takes it"), "\(own)")
                let port = try Scratch.freePort()
                let (descriptor, taken) = try #require(TCPStream.listen())
                let refused = try await server.ssh("ports add shop \(taken)")
                #expect(refused.status == 1 && refused.errors.contains("another program"), "\(refused)")
                close(descriptor)

                // Taken by somebody else only while nginx does not have it.
                #expect(try await server.ssh("ps stop shop").status == 0)
                try await eventually("nothing runs") { try await server.containers() == [] }
                let (other, _) = try #require(TCPStream.listen(on: port))
                defer { close(other) }
                _ = try await server.sql(
                    """
                    insert into published_ports (app_id, transport, port, type, target)
                    select id, 'tcp', \(port), 'web', 5000 from apps
                    """)
                let start = try await server.ssh("ps start shop")
                let words = "port \(port)/tcp is in use by another program"
                #expect(start.status == 0, "\(start)")
                let commands = ["apps info shop", "domains list shop", "maintenance off shop"]
                for command in commands {
                    try await eventually("\(command) tells") { try await server.ssh(command).errors.contains(words) }
                }
                #expect(try await server.ssh("drift").output.contains(words))
                let doctor = try await server.local("doctor")
                #expect(doctor.output.contains(words), "\(doctor)")
                try await clone.write("index.html", "again\n")
                let push = try await clone.push()
                #expect(push.status == 0 && push.errors.contains(words), "\(push)")
            }
        }
    }
}

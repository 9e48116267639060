import Foundation
import SSH
import Testing
import Threads

@Suite struct ListenerTests {
    @Test func `a port that is taken is refused by name`() async throws {
        try await TestServer.with { server, _ in
            let configuration = SSHConfiguration(host: "127.0.0.1", port: server.port)
            let keys = try await Keys.hostKeys()
            let expected = SSHError(
                "cannot listen on '127.0.0.1:\(server.port)': address already in use; "
                    + "stop the other program or set MARTLET_SSH_PORT")
            #expect(throws: expected) {
                try Listener(configuration: configuration, hostKeys: keys, logger: Keys.logger)
            }
        }
    }

    @Test func `a connection that says nothing is ended after the login grace`() async throws {
        try await TestServer.with(limits: SSHLimits(loginGrace: .milliseconds(300))) { server, _ in
            let started = ContinuousClock.now
            let text = await onOwnThread { RawClient.readAll(port: server.port) }
            #expect(text.hasPrefix("SSH-2.0-Martlet"))
            #expect(ContinuousClock.now - started >= .milliseconds(290))
            #expect(ContinuousClock.now - started < .seconds(3))
        }
    }

    @Test func `a client that asks for nothing is told and disconnected`() async throws {
        try await TestServer.with(limits: SSHLimits(noChannel: .milliseconds(300))) { server, _ in
            let result = try await server.ssh("-N", "127.0.0.1")
            #expect(result.status == 255)
            #expect(result.errors.contains("no command within"))
        }
    }

    @Test func `stopping lets a running channel end and turns others away`() async throws {
        let (running, release) = (Signal(), Signal())
        try await TestServer.with { channel, _ in
            running.fire()
            await release.wait()
            try? await channel.write("done")
            return 5
        } _: { server, _ in
            let client = try server.start(["127.0.0.1", "x"], input: nil)
            await running.wait()
            await server.listener.stopAccepting()
            let other = try await server.ssh("127.0.0.1", "x")
            #expect(other.status == 255)
            release.fire()
            let result = await client.finished()
            #expect(result.text == "done")
            #expect(result.status == 5)
            #expect(result.errors == "")
        }
    }

    @Test func `disconnecting everybody cancels the handlers and tells the clients`() async throws {
        let (running, cancelled) = (Signal(), Signal())
        try await TestServer.with { _, _ in
            running.fire()
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.fire() }
            return 0
        } _: { server, _ in
            let client = try server.start(["127.0.0.1", "x"], input: nil)
            await running.wait()
            await server.listener.disconnectAll("the server is shutting down")
            await cancelled.wait()
            #expect(await client.finished().errors.contains("the server is shutting down"))
        }
    }

    @Test func `connections beyond the limit of a source are turned away until one has logged in`() async throws {
        try await TestServer.with(limits: SSHLimits(maxUnauthenticatedPerSource: 1)) { server, _ in
            let idle = await onOwnThread { RawClient.connect(port: server.port) }
            #expect(await onOwnThread { RawClient.readLine(idle) }.hasPrefix("SSH-2.0-"))
            #expect(await onOwnThread { RawClient.readAll(port: server.port) } == "")
            RawClient.hangUp(idle)
        }
    }

    @Test func `many clients at once are all served`() async throws {
        let limits = SSHLimits(maxUnauthenticatedPerSource: 100)
        try await TestServer.with(limits: limits) { channel, name in
            try? await channel.write(name)
            return 0
        } _: { server, _ in
            let served = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<30 {
                    group.addTask { try await server.ssh("127.0.0.1", "x").text == "alice" }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(served == 30)
        }
    }
}

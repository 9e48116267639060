import Foundation
import SSH
import Synchronization
import Testing

@Suite struct ChannelTests {
    /// Random bytes.
    private static func noise(_ count: Int) throws -> [UInt8] {
        guard let source = FileHandle(forReadingAtPath: "/dev/urandom") else { return [] }
        return Array(try source.read(upToCount: count) ?? Data())
    }

    @Test func `an exec request keeps its bytes in both directions and its exit status`() async throws {
        let (sent, answer) = (try Self.noise(3_000_000), try Self.noise(5_000_000))
        try await TestServer.with { channel, name in
            do {
                let received = try await channel.readAll()
                try await channel.writeError(Array("\(name) ran \(channel.command): \(received == sent)".utf8))
                try await channel.write(answer)
            } catch { return 70 }
            return 7
        } _: { server, _ in
            let result = try await server.ssh("127.0.0.1", "copy  'a b'", input: sent)
            #expect(result.status == 7)
            #expect(result.errors == "alice ran copy  'a b': true")
            #expect(result.output == answer)
        }
    }

    @Test func `a window of data is held back until the handler reads`() async throws {
        let (isWaiting, go) = (Signal(), Signal())
        try await TestServer.with { channel, _ in
            isWaiting.fire()
            await go.wait()
            let count = (try? await channel.readAll().count) ?? -1
            try? await channel.write("\(count)")
            return 0
        } _: { server, _ in
            let client = try server.start(["127.0.0.1", "sink"], input: [UInt8](repeating: 1, count: 8_000_000))
            await isWaiting.wait()
            go.fire()
            #expect(await client.finished().text == "8000000")
        }
    }

    @Test func `a shell request, a terminal and the protocol version reach the handler`() async throws {
        try await TestServer.with { channel, _ in
            try? await channel.write("\(channel.request) \(channel.hasTerminal) \(channel.protocolVersion ?? "none")")
            return 3
        } _: { server, _ in
            let shell = try await server.ssh("-T", "127.0.0.1")
            #expect(shell.text == "shell false none")
            #expect(shell.status == 3)
            let terminal = try await server.ssh("-tt", "127.0.0.1")
            #expect(terminal.text == "shell true none")
            let version = try await server.ssh(
                "-o", "SendEnv=GIT_PROTOCOL EDITOR", "127.0.0.1", "x",
                environment: ["GIT_PROTOCOL": "version=2", "EDITOR": "vi"])
            #expect(version.text == "exec(\"x\") false version=2")
        }
    }

    @Test func `writes of several tasks stay whole`() async throws {
        try await TestServer.with { channel, _ in
            await withTaskGroup(of: Void.self) { group in
                for letter in UInt8(ascii: "a")...UInt8(ascii: "d") {
                    group.addTask {
                        for _ in 0..<10 { try? await channel.write([UInt8](repeating: letter, count: 100_000)) }
                    }
                }
            }
            return 0
        } _: { server, _ in
            let output = try await server.ssh("127.0.0.1", "mix").output
            #expect(output.count == 4_000_000)
            #expect(
                stride(from: 0, to: output.count, by: 100_000).allSatisfy { start in
                    output[start..<start + 100_000].elementsEqual(repeatElement(output[start], count: 100_000))
                })
        }
    }

    @Test func `a command longer than the limit is refused`() async throws {
        try await TestServer.with { channel, _ in
            try? await channel.write("\(channel.command.utf8.count)")
            return 0
        } _: { server, _ in
            let longest = try await server.ssh("127.0.0.1", String(repeating: "x", count: 4096))
            #expect(longest.text == "4096")
            let longer = try await server.ssh("127.0.0.1", String(repeating: "x", count: 4097))
            #expect(longer.status == 255)
            #expect(longer.errors.contains("exec request failed"))
        }
    }

    @Test(arguments: ["-Llisten:127.0.0.1:1", "-A", "-X"])
    func `forwarding does no harm to the session`(option: String) async throws {
        try await TestServer.with { channel, _ in
            try? await channel.write("fine")
            return 0
        } _: { server, _ in
            let forward = option.replacingOccurrences(of: "listen", with: "\(server.directory)/socket")
            let result = try await server.ssh(forward, "127.0.0.1", "x", environment: ["DISPLAY": ":0"])
            #expect(result.text == "fine")
            #expect(result.status == 0)
        }
    }

    @Test func `forwarding and subsystems are refused`() async throws {
        try await TestServer.with { channel, _ in
            try? await channel.write("fine")
            return 0
        } _: { server, _ in
            let remote = try await server.ssh("-R", "0:127.0.0.1:1", "127.0.0.1", "x", log: "INFO")
            #expect(remote.text == "fine")
            #expect(remote.errors.contains("remote port forwarding failed"))
            let direct = try await server.ssh("-W", "127.0.0.1:1", "127.0.0.1")
            #expect(direct.status == 255)
            let subsystem = try await server.ssh("-s", "127.0.0.1", "sftp")
            #expect(subsystem.status == 255)
            #expect(subsystem.errors.contains("subsystem request failed"))
        }
    }

    @Test func `several channels share one connection`() async throws {
        let (holding, release) = (Signal(), Signal())
        try await TestServer.with { channel, _ in
            if channel.command == "hold" {
                holding.fire()
                await release.wait()
                return 0
            }
            try? await channel.write(((try? await channel.readAll()) ?? []) + Array(channel.command.utf8))
            return 4
        } _: { server, service in
            let socket = "\(server.directory)/master"
            let master = try server.start(["-M", "-S", socket, "127.0.0.1", "hold"], input: nil)
            await holding.wait()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<5 {
                    group.addTask {
                        let input = [UInt8](repeating: 46, count: 400_000)
                        let result = try await server.ssh("-S", socket, "127.0.0.1", "run \(number)", input: input)
                        #expect(result.output == input + Array("run \(number)".utf8))
                        #expect(result.status == 4)
                    }
                }
                try await group.waitForAll()
            }
            release.fire()
            #expect(await master.finished().status == 0)
            #expect(service.record.peers.count == 1)
        }
    }

    @Test func `channels beyond the limit are refused`() async throws {
        let (holding, release) = (Signal(), Signal())
        try await TestServer.with(limits: SSHLimits(maxChannels: 1)) { channel, _ in
            holding.fire()
            await release.wait()
            return 0
        } _: { server, _ in
            let socket = "\(server.directory)/master"
            let master = try server.start(["-M", "-S", socket, "127.0.0.1", "hold"], input: nil)
            await holding.wait()
            // OpenSSH's client falls back to a connection of its own unless its key is of no use.
            let second = try await server.ssh("-S", socket, "127.0.0.1", "x", key: "mallory")
            #expect(second.errors.contains("Session open refused by peer"))
            release.fire()
            #expect(await master.finished().status == 0)
        }
    }

    @Test func `a handler that does not read is cancelled when its client dies`() async throws {
        let (running, cancelled) = (Signal(), Signal())
        try await TestServer.with { _, _ in
            running.fire()
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.fire() }
            return 0
        } _: { server, _ in
            let client = try server.start(["127.0.0.1", "sleep"], input: nil)
            await running.wait()
            let killed = ContinuousClock.now
            client.kill()
            await cancelled.wait()
            #expect(ContinuousClock.now - killed < .seconds(2))
            _ = await client.finished()
        }
    }

    @Test func `a handler that writes is cancelled when its client dies`() async throws {
        let (running, failed) = (Signal(), Signal())
        let reason = Mutex("")
        try await TestServer.with { channel, _ in
            running.fire()
            do {
                while true { try await channel.write([UInt8](repeating: 0, count: 50_000)) }
            } catch {
                reason.withLock { $0 = "\(error)" }
                failed.fire()
            }
            return 0
        } _: { server, _ in
            let client = try server.start(["127.0.0.1", "flood"], input: nil)
            await running.wait()
            client.kill()
            await failed.wait()
            #expect(reason.withLock { $0 }.hasPrefix("connection lost: "))
            _ = await client.finished()
        }
    }

    @Test func `a handler is cancelled when its client closes the channel but keeps the connection`() async throws {
        let (holding, release, running, cancelled) = (Signal(), Signal(), Signal(), Signal())
        // OpenSSH's master closes the channel of a client that died only when something else wakes it.
        let limits = SSHLimits(keepAliveInterval: .milliseconds(100), maxMissedKeepAlives: 50)
        try await TestServer.with(limits: limits) { channel, _ in
            if channel.command == "hold" {
                holding.fire()
                await release.wait()
                return 0
            }
            running.fire()
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.fire() }
            return 0
        } _: { server, _ in
            let socket = "\(server.directory)/master"
            let master = try server.start(["-M", "-S", socket, "127.0.0.1", "hold"], input: nil)
            await holding.wait()
            let client = try server.start(["-S", socket, "127.0.0.1", "sleep"], input: nil)
            await running.wait()
            client.kill()
            await cancelled.wait()
            _ = await client.finished()
            release.fire()
            #expect(await master.finished().status == 0)
        }
    }

    @Test func `a client that has ended its input is still served`() async throws {
        try await TestServer.with { channel, _ in
            _ = try? await channel.readAll()
            for _ in 0..<3 {
                guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return 70 }
                try? await channel.write("tick ")
            }
            return (try? await channel.read()) == [] ? 0 : 1
        } _: { server, _ in
            let result = try await server.ssh("127.0.0.1", "tick")
            #expect(result.text == "tick tick tick ")
            #expect(result.status == 0)
        }
    }

    @Test func `a client that rekeys often loses nothing`() async throws {
        let sent = try Self.noise(4_000_000)
        try await TestServer.with { channel, _ in
            while let bytes = try? await channel.read(), !bytes.isEmpty {
                guard (try? await channel.write(bytes)) != nil else { return 70 }
            }
            return 0
        } _: { server, _ in
            let result = try await server.ssh("-o", "RekeyLimit=256K", "127.0.0.1", "cat", input: sent)
            #expect(result.output == sent)
            #expect(result.status == 0)
        }
    }
}

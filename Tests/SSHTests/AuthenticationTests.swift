import Foundation
import SSH
import Testing

@Suite struct AuthenticationTests {
    private static let whoami: TestService.Serve = { channel, name in
        try? await channel.write(name)
        return 0
    }

    @Test(arguments: [["ed25519"], ["ecdsa"], ["ecdsa", "-b", "384"], ["rsa", "-b", "2048"]])
    func `a key of a common type logs in`(kind: [String]) async throws {
        let keys = try await Keys.folder()
        defer { try? FileManager.default.removeItem(atPath: keys) }
        let path = "\(keys)/key"
        try await Keys.make(path, type: kind)
        let names = [try Keys.blob("\(path).pub"): "owner"]
        let configuration = SSHConfiguration(host: "127.0.0.1", port: 0)
        let listener = try await Listener(
            configuration: configuration, hostKeys: Keys.hostKeys(), logger: Keys.logger)
        let serving = Task { await listener.serve(TestService(names: names, handler: Self.whoami)) }
        let server = TestServer(listener: listener, directory: keys, port: listener.port)
        #expect(try await server.ssh("127.0.0.1", "x", key: "key").text == "owner")
        await listener.stopAccepting()
        await serving.value
    }

    @Test func `an unknown key, another user name and a password are refused alike`() async throws {
        try await TestServer.with(serve: Self.whoami) { server, service in
            let unknown = try await server.ssh("127.0.0.1", "x", key: "mallory")
            let user = try await server.ssh("127.0.0.1", "x", user: "root")
            let password = try await server.ssh(
                "-o", "PubkeyAuthentication=no",
                "-o", "PreferredAuthentications=password,keyboard-interactive,hostbased", "127.0.0.1", "x")
            for result in [unknown, user, password] {
                #expect(result.status == 255)
                #expect(result.errors.contains("Permission denied (publickey)."))
            }
            #expect(unknown.errors == user.errors.replacingOccurrences(of: "root@", with: "git@"))
            #expect(service.record.lookups == ["?"])
        }
    }

    @Test func `the identity is the key that signed and not one that was probed`() async throws {
        try await TestServer.with(serve: Self.whoami) { server, service in
            try FileManager.default.removeItem(atPath: "\(server.directory)/alice")
            let result = try await server.ssh(
                "-i", "\(server.directory)/alice.pub", "-i", "\(server.directory)/bob", "127.0.0.1", "x",
                key: "alice.pub")
            #expect(result.text == "bob")
            #expect(service.record.lookups.first == "alice")
        }
    }

    @Test func `a small RSA key and a certificate are refused when they are offered`() async throws {
        try await TestServer.with(serve: Self.whoami) { server, service in
            try await Keys.make("\(server.directory)/small", type: ["rsa", "-b", "1024"])
            let small = try await server.ssh("-o", "RequiredRSASize=1024", "127.0.0.1", "x", key: "small")
            #expect(small.errors.contains("Permission denied (publickey)."))
            let (authority, subject) = ("\(server.directory)/bob", "\(server.directory)/mallory.pub")
            let signing = try ClientProcess(["ssh-keygen", "-q", "-s", authority, "-I", "x", subject])
            #expect(await signing.finished().status == 0)
            let certificate = try await server.ssh("127.0.0.1", "x", key: "mallory")
            #expect(certificate.errors.contains("Permission denied (publickey)."))
            #expect(service.record.lookups == ["?"])
        }
    }

    @Test func `a lookup that fails tells the client so`() async throws {
        try await TestServer.with(unavailable: "temporarily unavailable, try again", serve: Self.whoami) { server, _ in
            let result = try await server.ssh("127.0.0.1", "x")
            #expect(result.status == 255)
            #expect(result.errors.contains("temporarily unavailable, try again"))
        }
    }

    @Test func `a bad signature is refused`() async throws {
        let limits = SSHLimits(authenticationStall: .milliseconds(500))
        try await TestServer.with(limits: limits, serve: Self.whoami) { server, service in
            let result = try await Self.forge(["alice"], on: server)
            #expect(result.errors.contains("Permission denied (publickey)."))
            #expect(service.record.peers.isEmpty)
        }
    }

    @Test func `bad signatures count as failures`() async throws {
        let limits = SSHLimits(authenticationStall: .milliseconds(500), maxKeyOffers: 1)
        try await TestServer.with(limits: limits, serve: Self.whoami) { server, service in
            let result = try await Self.forge(["alice", "bob"], on: server)
            #expect(result.errors.contains("Too many authentication failures"))
            #expect(service.record.peers.isEmpty)
        }
    }

    /// Logs in with an agent that holds the public keys of `names` only.
    private static func forge(_ names: [String], on server: TestServer) async throws -> ClientResult {
        let blobs = try names.map { try Keys.blob("\(server.directory)/\($0).pub") }
        let agent = try ForgingAgent(at: "\(server.directory)/agent", keys: blobs)
        defer { agent.stop() }
        // The first value of an option is the one that counts.
        var arguments = server.arguments(["127.0.0.1", "x"], key: "absent", user: "git", log: "ERROR")
        arguments.insert(contentsOf: ["-o", "IdentityAgent=\(agent.path)", "-o", "IdentitiesOnly=no"], at: 1)
        return await (try ClientProcess(arguments)).finished()
    }

    @Test func `more keys than allowed end the connection`() async throws {
        try await TestServer.with(limits: SSHLimits(maxKeyOffers: 1), serve: Self.whoami) { server, _ in
            try await Keys.make("\(server.directory)/other", type: ["ed25519"])
            let result = try await server.ssh(
                "-i", "\(server.directory)/other", "-i", "\(server.directory)/alice", "127.0.0.1", "x", key: "mallory")
            #expect(result.status == 255)
            #expect(result.errors.contains("Too many authentication failures"))
        }
    }
}

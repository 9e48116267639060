import Foundation
import Logging
import SSH
import Threads

/// A listener on a free port of the loopback with a scratch folder of client keys.
struct TestServer: Sendable {
    let listener: Listener
    let directory: String
    let port: Int

    /// Runs `body` with a server, and ends the server after.
    ///
    /// - Parameter keys: names of client keys to make; the service knows `alice` and `bob`.
    static func with(
        limits: SSHLimits = SSHLimits(), unavailable: String? = nil,
        serve: @escaping TestService.Serve = { _, _ in 0 },
        _ body: @Sendable (TestServer, TestService) async throws -> Void
    ) async throws {
        let directory = try await Keys.scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let hostKeys = try await Keys.hostKeys()
        var names: [[UInt8]: String] = [:]
        for name in ["alice", "bob"] { names[try Keys.blob("\(directory)/\(name).pub")] = name }
        let service = TestService(names: names, unavailable: unavailable, handler: serve)
        let configuration = SSHConfiguration(host: "127.0.0.1", port: 0, limits: limits)
        let listener = try Listener(configuration: configuration, hostKeys: hostKeys, logger: Keys.logger)
        let server = TestServer(listener: listener, directory: directory, port: listener.port)
        let serving = Task { await listener.serve(service) }
        let outcome: Result<Void, any Error>
        do {
            try await body(server, service)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await listener.stopAccepting()
        await listener.disconnectAll("the test is over")
        await serving.value
        try outcome.get()
    }

    /// The arguments of OpenSSH's client for this server: its own configuration and agent left out.
    func arguments(_ more: [String], key: String, user: String, log: String) -> [String] {
        [
            "ssh", "-F", "none", "-p", "\(port)", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=\(log)", "-o", "IdentitiesOnly=yes",
            "-o", "IdentityAgent=none", "-i", "\(directory)/\(key)", "-l", user,
        ] + more
    }

    /// Starts a client.
    func start(
        _ more: [String], key: String = "alice", user: String = "git", log: String = "ERROR", input: [UInt8]? = [],
        environment: [String: String] = [:]
    ) throws -> ClientProcess {
        let arguments = arguments(more, key: key, user: user, log: log)
        return try ClientProcess(arguments, input: input, environment: environment)
    }

    /// Runs a client to its end.
    func ssh(
        _ more: String..., key: String = "alice", user: String = "git", log: String = "ERROR", input: [UInt8]? = [],
        environment: [String: String] = [:]
    ) async throws -> ClientResult {
        try await start(more, key: key, user: user, log: log, input: input, environment: environment).finished()
    }
}

/// Keys for tests, made by ssh-keygen where they are a client's.
enum Keys {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private static let made = Task { () throws -> [HostKey] in
        let directory = try await folder()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try await onOwnThread { () throws(SSHError) in try HostKeys.loadOrCreate(in: directory) }
    }

    /// Host keys, made once for all tests.
    static func hostKeys() async throws -> [HostKey] { try await made.value }

    /// A new empty folder, short enough to hold the path of a socket.
    static func folder() async throws -> String {
        let path = "/tmp/martlet-ssh-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    /// A folder with the keys of alice, bob and mallory.
    static func scratch() async throws -> String {
        let directory = try await folder()
        for name in ["alice", "bob", "mallory"] { try await make("\(directory)/\(name)", type: ["ed25519"]) }
        return directory
    }

    /// Makes a key without a passphrase at `path`.
    static func make(_ path: String, type: [String]) async throws {
        let arguments = ["ssh-keygen", "-q", "-N", "", "-C", "", "-f", path, "-t"] + type
        let result = await (try ClientProcess(arguments)).finished()
        guard result.status == 0 else { throw SSHError("cannot make a key '\(path)': \(result.errors)") }
    }

    /// The wire form of a public key file.
    static func blob(_ path: String) throws -> [UInt8] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return Array(Data(base64Encoded: String(text.split(separator: " ")[1]).trimmingCharacters(in: .newlines))!)
    }
}

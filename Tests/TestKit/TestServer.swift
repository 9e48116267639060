import Foundation
import Glibc
import Threads

/// The built program, serving on ports and data of its own, with an admin called alice.
package final class TestServer: Sendable {
    package let scratch: Scratch
    package let sshPort: Int
    package let httpPort: Int
    private let machine: Machine?
    private let settings: [String: String]
    private let daemon: Daemon

    /// The daemon's process, which a test may kill and start again.
    private actor Daemon {
        var process: RunningCommand?
        var workers: [RunningCommand] = []
        /// The installation's ID, which labels all that it makes in Docker.
        var installation: String?
        func set(_ process: RunningCommand?) { self.process = process }
        func add(worker: RunningCommand) { workers.append(worker) }
        func set(installation: String) { self.installation = installation }
    }

    /// Runs `body` with a server, and removes everything of it afterwards.
    ///
    /// - Parameters:
    ///   - machine: where it and all clients run; nil for right here, with the Docker engine that is there.
    ///   - expectingErrors: whether it may log errors; otherwise the test fails when it does.
    package static func with(
        _ settings: [String: String] = [:], on machine: Machine? = nil, expectingErrors: Bool = false,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let server = try await TestServer(settings, machine)
        do {
            try await server.start()
            try await server.addUser("alice", "--admin")
            try await body(server)
            let errors = await server.log().split(separator: "\n").filter { $0.contains(" error martlet") }
            if !errors.isEmpty, !expectingErrors { throw Unmet("the server logged errors") }
        } catch {
            print("--- server's log\n\(await server.log())")
            await server.remove()
            throw error
        }
        await server.remove()
    }

    /// Host keys that all servers of one test run share, by file name, since an RSA key takes seconds to make.
    private static let hostKeys = Task {
        let scratch = try Scratch()
        defer { scratch.remove() }
        var keys: [String: Data] = [:]
        for (type, bits) in [("ed25519", "256"), ("rsa", "3072")] {
            let name = "ssh_host_\(type)_key"
            let words = ["ssh-keygen", "-q", "-t", type, "-b", bits, "-N", "", "-f", "\(scratch.path)/\(name)"]
            let made = try await Command(words).run()
            guard made.status == 0 else { throw Unmet("ssh-keygen: \(made)") }
            keys[name] = try Data(contentsOf: URL(filePath: "\(scratch.path)/\(name)"))
        }
        return keys
    }

    private init(_ settings: [String: String], _ machine: Machine?) async throws {
        self.machine = machine
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/data/keys", withIntermediateDirectories: true)
        for (name, key) in try await Self.hostKeys.value {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            let path = "\(scratch.path)/data/keys/\(name)"
            guard FileManager.default.createFile(atPath: path, contents: key, attributes: attributes) else {
                throw Unmet("cannot write '\(path)'")
            }
        }
        sshPort = try Scratch.freePort()
        httpPort = try settings["MARTLET_HTTP_PORT"].flatMap { Int($0) } ?? Scratch.freePort()
        daemon = Daemon()
        self.settings = [
            "MARTLET_DATA": "\(scratch.path)/data", "MARTLET_SSH_PORT": "\(sshPort)",
            "MARTLET_HTTP_PORT": "\(httpPort)", "MARTLET_HTTPS_PORT": "\(try Scratch.freePort())",
            "MARTLET_UPTIME_SECONDS": "1",
            "MARTLET_HEALTH_SECONDS": "4", "MARTLET_DRAIN_SECONDS": "1", "MARTLET_STOP_SECONDS": "2",
            "MARTLET_LOGINS_PER_SOURCE": "200", "MARTLET_CONFIG": "/dev/null",
        ].merging(machine.map { ["MARTLET_DOCKER_SOCKET": $0.dockerSocket] } ?? [:]) { $1 }.merging(settings) { $1 }
    }

    /// The built program.
    package static let program: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ProcessInfo.processInfo.environment["PROGRAM_UNDER_TEST"]
            ?? root.appending(path: ".build/debug/martlet").path
    }()

    /// The sample apps.
    package static let apps = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Apps").path

    package var data: String { "\(scratch.path)/data" }

    /// Starts the daemon and waits until it serves.
    package func start() async throws {
        let process = try Command(prefix + [Self.program, "serve"], environment: settings).start()
        await daemon.set(process)
        try await eventually(within: .seconds(60), "the daemon serves; it said:\n\(process.text)") {
            guard process.status == nil else { throw Unmet("the daemon ended:\n\(process.text)") }
            return (try? String(contentsOfFile: "\(data)/martlet.pid", encoding: .utf8)) == "\(process.processID)\n"
        }
        await daemon.set(installation: try await sql("select id from installation"))
    }

    /// Sends the daemon a signal.
    package func signal(_ number: Int32) async { await daemon.process?.signal(number) }

    /// Waits until the daemon has ended.
    package func ended() async throws -> Int32 { try await daemon.process?.result().status ?? 0 }

    /// Ends the daemon at once, as a power failure would, and starts it again.
    package func crashAndRestart() async throws {
        await signal(SIGKILL)
        _ = try await ended()
        try await start()
    }

    /// What the daemon logged since it was started last, and its workers.
    package func log() async -> String {
        await ([daemon.process].compactMap(\.self) + daemon.workers).map(\.text).joined(
            separator: "--- a worker's log\n")
    }

    /// Runs one of the machine's own commands.
    package func local(_ words: String..., input: String = "") async throws -> Command.Result {
        try await Command([Self.program] + words, environment: settings).run(input: input)
    }

    /// Registers a worker and starts it on this server's queue.
    package func startWorker(_ name: String) async throws -> RunningCommand {
        let added = try await local("workers", "add", name)
        guard added.status == 0 else { throw Unmet("workers add: \(added)") }
        let file = "\(scratch.path)/\(name).conf"
        try Data(added.output.utf8).write(to: URL(filePath: file))
        let others = settings.filter { $0.key != "MARTLET_BUILDS" }
        let worker = try Command(
            [Self.program, "worker"], environment: others.merging(["MARTLET_CONFIG": file]) { $1 }
        ).start()
        await daemon.add(worker: worker)
        try await worker.prints(" working")
        return worker
    }

    /// Adds a user with a new key.
    package func addUser(_ name: String, _ flags: String...) async throws {
        let made = try await Command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key(of: name)])
            .run()
        guard made.status == 0 else { throw Unmet("ssh-keygen: \(made)") }
        let public_ = try String(contentsOfFile: "\(key(of: name)).pub", encoding: .utf8)
        let added = try await Command(
            [Self.program, "users", "add", name, "--key", "-"] + flags, environment: settings
        ).run(input: public_)
        guard added.status == 0 else { throw Unmet("users add: \(added)") }
    }

    /// The private key of a user.
    package func key(of user: String) -> String { "\(scratch.path)/\(user)" }

    /// The words that run OpenSSH's client as a user, without this machine's own configuration.
    package func sshWords(as user: String, _ options: String...) -> [String] {
        prefix + [
            "ssh", "-F", "none", "-p", "\(sshPort)", "-i", key(of: user), "-o", "IdentitiesOnly=yes", "-o",
            "BatchMode=yes",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
        ] + options
    }

    /// Runs a command over SSH.
    package func ssh(_ command: String, as user: String = "alice", input: String = "") async throws -> Command.Result {
        try await Command(sshWords(as: user) + ["git@127.0.0.1", command], environment: ["SSH_AUTH_SOCK": ""]).run(
            input: input)
    }

    /// A page of an app, as curl sees it: output is the body, then the status on a line of its own.
    package func page(_ app: String, _ path: String = "/") async throws -> Command.Result {
        try await Command(
            prefix + [
                "curl", "--silent", "--max-time", "10", "--write-out", "\n%{http_code}", "--header",
                "Host: \(app).localhost", "http://127.0.0.1:\(httpPort)\(path)",
            ]
        ).run()
    }

    /// Asks the server's Docker engine by Docker's own client.
    package func docker(_ words: String...) async throws -> Command.Result { try await docker(words) }

    private func docker(_ words: [String]) async throws -> Command.Result {
        let environment = machine.map { ["DOCKER_HOST": "unix://\($0.dockerSocket)"] } ?? [:]
        return try await Command(["/usr/bin/docker"] + words, environment: environment).run()
    }

    private var prefix: [String] { machine?.prefix ?? [] }

    /// A query's answer from the private database.
    package func sql(_ query: String) async throws -> String {
        let result = try await startSQL(query).result()
        guard result.status == 0 else { throw Unmet("psql: \(result)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A query of the private database that goes on while the test does.
    package func startSQL(_ query: String) throws -> RunningCommand {
        let psql = [
            "psql", "--no-psqlrc", "-h", "\(data)/postgres/run", "-U", "martlet", "-d", "martlet", "-Atc", query,
        ]
        return try Command(psql).start()
    }

    /// Removes everything: processes, containers, networks, images, files.
    private func remove() async {
        _ = try? await local("down")
        for (list, remove) in [
            (["ps", "-aq"], ["rm", "-f"]), (["network", "ls", "-q"], ["network", "rm"]),
            (["images", "-q"], ["rmi", "-f"]), (["volume", "ls", "-q"], ["volume", "rm", "-f"]),
        ] {
            guard let id = await daemon.installation else { break }
            let found = try? await docker(list + ["--filter", "label=martlet.installation=\(id)"])
            let ids = (found?.output ?? "").split(separator: "\n").map(String.init)
            if !ids.isEmpty { _ = try? await docker(remove + ids) }
        }
        await signal(SIGKILL)
        scratch.remove()
    }
}

import Foundation
import Glibc
import SSH
import Synchronization
import Threads

/// What a client program has said and how it ended.
struct ClientResult: Sendable {
    /// The exit status; 128 and the signal's number after a signal.
    let status: Int32
    let output: [UInt8]
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
}

/// A running program, for instance OpenSSH's client. Its pipes are served by threads of their own.
final class ClientProcess: Sendable {
    /// One at a time, or a child would inherit the pipes of another and keep them open.
    private static let spawning = Mutex(())

    private let identifier: pid_t
    private let result: Task<ClientResult, Never>

    /// Starts a program found on the path; without `input` its standard input stays open until it ends.
    init(_ arguments: [String], input: [UInt8]? = [], environment: [String: String] = [:]) throws(SSHError) {
        let (identifier, pipes) = try Self.spawning.withLock { _ throws(SSHError) in
            try Self.spawn(arguments, environment)
        }
        self.identifier = identifier
        if let input { startThread { Self.feed(input, to: pipes[0]) } }
        result = Task {
            async let output = onOwnThread { Self.drain(pipes[1]) }
            async let errors = onOwnThread { Self.drain(pipes[2]) }
            let (first, second) = (await output, String(decoding: await errors, as: UTF8.self))
            let status = await onOwnThread { Self.wait(for: identifier) }
            if input == nil { close(pipes[0]) }
            return ClientResult(status: status, output: first, errors: second)
        }
    }

    /// The result, once the program has ended and its output is closed.
    func finished() async -> ClientResult { await result.value }

    func kill() { Glibc.kill(identifier, SIGKILL) }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String]
    ) throws(SSHError) -> (pid_t, [Int32]) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var (ours, theirs): ([Int32], [Int32]) = ([], [])
        for stream in Int32(0)...2 {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw SSHError("cannot make a pipe") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            ours.append(ends[stream == 0 ? 1 : 0])
            theirs.append(ends[stream == 0 ? 0 : 1])
            posix_spawn_file_actions_adddup2(&actions, theirs[Int(stream)], stream)
        }
        defer { for end in theirs { close(end) } }
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (argv, envp) = (vector(arguments), vector(all.map { "\($0)=\($1)" }))
        defer { for pointer in argv + envp { free(pointer) } }
        var identifier = pid_t()
        guard posix_spawnp(&identifier, arguments[0], &actions, nil, argv, envp) == 0 else {
            throw SSHError("cannot run '\(arguments[0])'")
        }
        return (identifier, ours)
    }

    private static func vector(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }

    private static func feed(_ bytes: [UInt8], to end: Int32) {
        defer { close(end) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(end, $0.baseAddress, $0.count) }
            // A client that has left does not read to the end.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func drain(_ end: Int32) -> [UInt8] {
        defer { close(end) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while case let count = read(end, &buffer, buffer.count), count > 0 { all += buffer.prefix(count) }
        return all
    }

    private static func wait(for identifier: pid_t) -> Int32 {
        var status: Int32 = 0
        waitpid(identifier, &status, 0)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}

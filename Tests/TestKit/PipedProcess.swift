import CSpawn
import Glibc
import Spawn

/// A program that was just started, with pipes to us as its three standard streams.
struct PipedProcess {
    private let child: ChildProcess
    /// Our ends of its standard streams, to be closed by whoever uses them.
    let input: Int32
    let output: Int32
    let errors: Int32

    /// Its number, and that of its process group.
    var id: pid_t { child.id }

    /// - Parameters:
    ///   - words: the program, looked up on PATH, and its arguments.
    ///   - directory: where it runs; nil for here.
    /// - Throws: `Unmet` when it cannot be started.
    init(_ words: [String], environment: [String: String], directory: String?) throws {
        // One that ends without reading its input must not end us.
        signal(SIGPIPE, SIG_IGN)
        let pipes = try (0..<3).map { _ in try Self.pipe() }
        defer { for end in [pipes[0].read, pipes[1].write, pipes[2].write] { close(end) } }
        do {
            child = try ChildProcess(
                "/usr/bin/env", ["env"] + words, environment: environment.map { "\($0)=\($1)" }, directory: directory,
                streams: (pipes[0].read, pipes[1].write, pipes[2].write))
        } catch {
            for end in [pipes[0].write, pipes[1].read, pipes[2].read] { close(end) }
            throw Unmet("cannot start \(words): \(error)")
        }
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
    }

    /// Waits for its end, and blocks: its exit status; for one that a signal ended, 128 and the signal's number.
    func wait() -> Int32 { ChildProcess.exitStatus(child.wait()) }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Unmet("no pipe: \(String(cString: strerror(errno)))") }
        return (ends[0], ends[1])
    }
}

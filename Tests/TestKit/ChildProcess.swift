import CSpawn
import Glibc

/// A program that was just started, in a process group of its own, with nothing open but its three standard streams.
///
/// Foundation's `Process` is not made for this: it keeps a processor busy while it waits, and takes one for running whose
/// descendants run.
struct ChildProcess {
    let id: pid_t
    /// Our ends of its standard streams, to be closed by whoever uses them.
    let input: Int32
    let output: Int32
    let errors: Int32

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
            id = try Self.spawn(words, environment, directory, [pipes[0].read, pipes[1].write, pipes[2].write])
        } catch {
            for end in [pipes[0].write, pipes[1].read, pipes[2].read] { close(end) }
            throw error
        }
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
    }

    /// Waits for its end, and blocks: its exit status; for one that a signal ended, 128 and the signal's number.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Unmet("no pipe: \(String(cString: strerror(errno)))") }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ directory: String?, _ streams: [Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        setGroupAndSignals(&attributes)
        let (arguments, variables) = (strings(["env"] + words), strings(environment.map { "\($0)=\($1)" }))
        defer { for string in arguments + variables { free(string) } }
        var process = pid_t()
        let code = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, arguments, variables)
        guard code == 0 else { throw Unmet("cannot start \(words): \(String(cString: strerror(code)))") }
        return process
    }

    private static func setGroupAndSignals(_ attributes: inout posix_spawnattr_t) {
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    }

    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }
}

import CSpawn
import Glibc

/// A program that was just started, in a process group of its own, with nothing open but its three standard streams and
/// with none of our signal settings.
///
/// Foundation's `Process` is not made for this: it keeps a processor busy while it waits, and takes one for running while
/// any of its descendants runs.
package struct ChildProcess: Sendable {
    /// Its number, and that of its process group.
    package let id: Int32

    /// Starts the program itself, without a shell.
    ///
    /// - Parameters:
    ///   - program: the path of its file.
    ///   - words: what it sees as its own name, and its arguments.
    ///   - environment: `NAME=VALUE` each; all that it has.
    ///   - directory: where it runs; nil for where we do.
    ///   - streams: what it has as standard input, output and errors; ours stay open.
    /// - Throws: `SpawnError`.
    package init(
        _ program: String, _ words: [String], environment: [String], directory: String?,
        streams: (input: Int32, output: Int32, errors: Int32)
    ) throws(SpawnError) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in [streams.input, streams.output, streams.errors].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        Self.setGroupAndSignals(&attributes)
        let (arguments, variables) = (Self.strings(words), Self.strings(environment))
        defer { for string in arguments + variables { free(string) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, &attributes, arguments, variables)
        guard code == 0 else { throw SpawnError(code: code) }
        id = process
    }

    /// Waits for its end, and blocks. To be called once.
    ///
    /// - Returns: its status as waitpid(2) gives it.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// The exit status in what `wait` returns; for one that a signal ended, 128 and the signal's number.
    package static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
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

import FoundationEssentials
import Glibc

/// Runs short programs of the PostgreSQL installation.
///
/// Not with Foundation's `Process`: that waits until a descriptor is closed that the server, too, inherits.
enum ChildProcess {
    struct Outcome: Sendable {
        /// The exit status; 128 + n for a signal.
        let status: Int32
        /// Standard output and error, on one line.
        let output: String
    }

    /// Runs a program and waits for it, in `/`, in a process group of its own, without our environment, signal settings
    /// and descriptors. Blocks.
    ///
    /// What it says goes to a file, not a pipe: a server that it leaves behind would hold the pipe open.
    static func run(_ program: String, _ arguments: [String]) throws(DatabaseError) -> Outcome {
        let output = try temporaryFile(for: program)
        defer { close(output) }
        let process = try spawn("/usr/bin/env", ["env", "--chdir=/", program] + arguments, output, for: program)
        let status = try wait(for: process, program)
        return Outcome(status: status, output: contents(of: output))
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ output: Int32, for program: String
    ) throws(DatabaseError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // Closing one that is not open does no harm; some more, for those that other threads open meanwhile.
        for descriptor in 3...highestDescriptor() + 64 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        restoreSignals(&attributes)
        let words = cStrings(arguments)
        let environment = cStrings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"])
        defer { for word in words + environment { free(word) } }
        var process = pid_t()
        let status = posix_spawn(&process, path, &actions, &attributes, words, environment)
        guard status == 0 else { throw failure(program, status) }
        return process
    }

    private static func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }

    private static func restoreSignals(_ attributes: inout posix_spawnattr_t) {
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    private static func wait(for process: pid_t, _ program: String) throws(DatabaseError) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw failure(program, errno) }
        }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    private static func highestDescriptor() -> Int32 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap(Int32.init).max() ?? 1024  // without /proc: the usual limit
    }

    /// An open file that has no name any more.
    private static func temporaryFile(for program: String) throws(DatabaseError) -> Int32 {
        var path = Array("/tmp/martlet-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw failure(program, errno) }
        unlink(path)
        return descriptor
    }

    /// The first 64 KiB of a file, on one line.
    private static func contents(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    private static func failure(_ program: String, _ code: Int32) -> DatabaseError {
        DatabaseError(operation: "run '\(program)'", reason: String(cString: strerror(code)))
    }
}

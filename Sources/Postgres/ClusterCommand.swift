import Glibc
import Spawn

/// Runs short programs of the PostgreSQL installation.
enum ClusterCommand {
    struct Outcome: Sendable {
        /// The exit status; 128 + n for a signal.
        let status: Int32
        /// Standard output and error, on one line.
        let output: String
    }

    /// Runs a program, looked up on a PATH of its own, and waits for it, in `/`, without our environment. Blocks.
    ///
    /// What it says goes to a file, not a pipe: a server that it leaves behind would hold the pipe open.
    static func run(_ program: String, _ arguments: [String]) throws(DatabaseError) -> Outcome {
        let output = try temporaryFile(for: program)
        defer { close(output) }
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failure(program, errno) }
        defer { close(input) }
        let child: ChildProcess
        do {
            child = try ChildProcess(
                "/usr/bin/env", ["env", program] + arguments,
                environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"], directory: "/",
                streams: (input, output, output))
        } catch {
            throw failure(program, error.code)
        }
        let status = ChildProcess.exitStatus(child.wait())
        return Outcome(status: status, output: contents(of: output))
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

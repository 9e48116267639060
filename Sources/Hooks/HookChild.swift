import CSpawn
import Glibc
import Spawn

/// The process of a hook, in a process group of its own, just started.
struct HookChild {
    private let child: ChildProcess
    /// Becomes readable when the process ends.
    let ending: Int32
    /// What the process prints, both streams in one.
    let output: Int32

    /// Starts the program itself, without a shell, in `directory`, with nothing open but its three standard streams.
    ///
    /// - Parameters:
    ///   - environment: `NAME=VALUE` each.
    ///   - input: what it may read. It is in memory as a file, so that nobody waits for a program that reads none of it.
    /// - Throws: `HookError` that says what is wrong with the file.
    init(
        _ hook: Hook, arguments: [String], environment: [String], directory: String, input: [UInt8]
    ) throws(HookError) {
        let stdin = try Self.file(holding: input, for: hook)
        defer { close(stdin) }
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Self.failure(hook, errno) }
        defer { close(ends[1]) }
        do throws(HookError) {
            child = try Self.spawn(hook, arguments, environment, directory, stdin: stdin, output: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        output = ends[0]
        ending = pidfd_open(child.id, 0)
        guard ending >= 0 else {
            let code = errno
            close(output)
            kill(-child.id, SIGKILL)
            _ = child.wait()
            throw Self.failure(hook, code)
        }
    }

    /// Its number, and that of its process group.
    var process: pid_t { child.id }

    /// Waits for the end of the process, which must be near, and takes its status as `waitpid` gives it.
    func wait() -> Int32 { child.wait() }

    private static func spawn(
        _ hook: Hook, _ arguments: [String], _ environment: [String], _ directory: String, stdin: Int32, output: Int32
    ) throws(HookError) -> ChildProcess {
        do {
            return try ChildProcess(
                hook.path, [hook.path] + arguments, environment: environment, directory: directory,
                streams: (stdin, output, output))
        } catch {
            throw failure(hook, error.code)
        }
    }

    private static let closeOnExec: UInt32 = 1  // MFD_CLOEXEC of linux/memfd.h

    private static func file(holding bytes: [UInt8], for hook: Hook) throws(HookError) -> Int32 {
        let file = bytes.isEmpty ? open("/dev/null", O_RDONLY | O_CLOEXEC) : memfd_create("input", closeOnExec)
        guard file >= 0 else { throw failure(hook, errno) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                close(file)
                throw failure(hook, code)
            }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func failure(_ hook: Hook, _ code: Int32) -> HookError {
        let reason =
            switch code {
            case ENOEXEC: "it has no '#!' line that names a program; add one such as '#!/bin/sh'"
            case ENOENT where access(hook.path, F_OK) == 0:
                "the program in its '#!' line does not exist; install it or correct the line"
            case ENOENT: "the file does not exist"
            case EACCES: "the file, or the program in its '#!' line, may not be executed; check owners and modes"
            case E2BIG: "there is too much to tell it; send fewer push options"
            default: String(cString: strerror(code))
            }
        return HookError(operation: "run hook '\(hook.name)'", reason: reason)
    }
}

import CSpawn
import Glibc

/// The process of a hook, in a process group of its own, just started.
struct HookChild {
    let process: pid_t
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
            process = try Self.spawn(hook, arguments, environment, directory, stdin: stdin, output: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        output = ends[0]
        ending = pidfd_open(process, 0)
        guard ending >= 0 else {
            let code = errno
            close(output)
            kill(-process, SIGKILL)
            _ = wait()
            throw Self.failure(hook, code)
        }
    }

    /// Waits for the end of the process, which must be near, and takes its status as `waitpid` gives it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private static func spawn(
        _ hook: Hook, _ arguments: [String], _ environment: [String], _ directory: String, stdin: Int32, output: Int32
    ) throws(HookError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, stdin, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, directory)
        setGroupAndSignals(&attributes)
        let words = cStrings([hook.path] + arguments)
        let variables = cStrings(environment)
        defer { for string in words + variables { free(string) } }
        var process = pid_t()
        let code = posix_spawn(&process, hook.path, &actions, &attributes, words, variables)
        guard code == 0 else { throw failure(hook, code) }
        return process
    }

    /// A group of its own, and none of the signal settings of ours that programs inherit.
    private static func setGroupAndSignals(_ attributes: inout posix_spawnattr_t) {
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    }

    private static func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
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

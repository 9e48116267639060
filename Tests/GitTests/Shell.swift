import Glibc
import Threads

/// What a child process left behind.
struct ShellOutput: Sendable {
    let status: Int32
    let output: [UInt8]
    let errors: String

    /// The output without white space around it.
    var text: String {
        String(
            String(decoding: output, as: UTF8.self).drop { $0.isWhitespace }.reversed()
                .drop { $0.isWhitespace }.reversed())
    }
}

/// A script that failed where it must not.
struct ShellFailure: Error, CustomStringConvertible {
    let description: String
}

/// Runs `script` with `/bin/sh -e` in `folder`, on a thread of its own. git sees no configuration but ours, a fixed
/// identity and a fixed date.
func shell(_ script: String, in folder: String, input: [UInt8] = []) async throws -> ShellOutput {
    let result = try await onOwnThread { () throws(ShellFailure) in try spawn(script, in: folder, input: input) }
    guard result.status == 0 else {
        throw ShellFailure(description: "'\(script)' exited with \(result.status): \(result.errors)")
    }
    return result
}

private let environment = [
    "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=3",
    "GIT_CONFIG_KEY_0=init.defaultBranch", "GIT_CONFIG_VALUE_0=main", "GIT_CONFIG_KEY_1=gc.auto",
    "GIT_CONFIG_VALUE_1=0", "GIT_CONFIG_KEY_2=core.fsync", "GIT_CONFIG_VALUE_2=none",
    "GIT_AUTHOR_NAME=Alice", "GIT_AUTHOR_EMAIL=alice@example.org", "GIT_AUTHOR_DATE=1700000000 +0100",
    "GIT_COMMITTER_NAME=Bob", "GIT_COMMITTER_EMAIL=bob@example.org", "GIT_COMMITTER_DATE=1700000100 +0000",
]

private func spawn(_ script: String, in folder: String, input: [UInt8]) throws(ShellFailure) -> ShellOutput {
    // Files, not pipes: nothing can block, however much is written.
    let files = (0..<3).map { _ in unnamedFile() }
    defer { for file in files { close(file) } }
    guard files.allSatisfy({ $0 >= 0 }), write(files[0], input, input.count) == input.count,
        lseek(files[0], 0, SEEK_SET) == 0
    else { throw ShellFailure(description: "no temporary files") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(target)) }
    var arguments = ["sh", "-e", "-c", "cd '\(folder)'\n\(script)"].map { (text: String) in strdup(text) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var child = pid_t()
    guard posix_spawn(&child, "/bin/sh", &actions, nil, &arguments, &variables) == 0 else {
        throw ShellFailure(description: "cannot start sh in \(folder)")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    return ShellOutput(
        status: code, output: content(of: files[1]), errors: String(decoding: content(of: files[2]), as: UTF8.self))
}

private func unnamedFile() -> Int32 {
    var template = Array("/tmp/martlet-shell-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return file
}

private func content(of file: Int32) -> [UInt8] {
    let size = Int(lseek(file, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: size)
    return pread(file, &bytes, size, 0) == size ? bytes : []
}

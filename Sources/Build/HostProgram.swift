import Foundation
import Subprocess
import SystemPackage

/// The programs of the host that builds need: GNU tar and coreutils.
enum HostProgram {
    /// Runs a program to its end, with nothing of the server's environment but PATH.
    ///
    /// - Parameter output: where its output goes; nil for nowhere.
    /// - Throws: `BuildError` with what it complained about; `CancellationError`.
    static func run(_ name: String, _ arguments: [String], output: FileDescriptor? = nil) async throws {
        // In the C locale names are bytes, and order is theirs.
        let environment = Environment.custom(["PATH": Self.path, "LC_ALL": "C", "TZ": "UTC"])
        let (status, complaint) = try await result(
            .init(executable: .name(name), arguments: Arguments(arguments), environment: environment), output)
        try Task.checkCancellation()
        guard status.isSuccess else {
            let reason = complaint.split(separator: "\n").first.map(String.init) ?? "\(status)"
            throw BuildError("'\(name)' failed: \(reason)")
        }
    }

    /// Removes a folder with all it holds, however deep; does nothing when it is not there.
    static func remove(_ path: String) async throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try await run("rm", ["-rf", "--one-file-system", "--", path])
    }

    /// Runs `body`, and removes the folder at `path` when that is over.
    static func removing<Value>(_ path: String, after body: () async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        // Not as part of this task, which may be cancelled.
        try await Task { try await remove(path) }.value
        return try result.get()
    }

    /// The bytes that a folder takes on disk; zero when it is not there.
    static func size(of path: String) async throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        let result = try await Subprocess.run(
            .name("du"), arguments: ["-s", "--block-size=1", "--", path], environment: .custom(["PATH": Self.path]),
            output: .string(limit: 65_536), error: .discarded)
        return Int(result.standardOutput.prefix { $0.isNumber }) ?? 0
    }

    private static let path =
        ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private static func result(
        _ configuration: Configuration, _ output: FileDescriptor?
    ) async throws -> (TerminationStatus, String) {
        if let output {
            let result = try await Subprocess.run(
                configuration, output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                error: .string(limit: 65_536))
            return (result.terminationStatus, result.standardError)
        }
        let result = try await Subprocess.run(configuration, output: .discarded, error: .string(limit: 65_536))
        return (result.terminationStatus, result.standardError)
    }
}

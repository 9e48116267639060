import Foundation
import Glibc
import Logging
import Synchronization
import TestKit

@testable import Hooks

/// A folder of hooks that a test writes, and a repository's folder to run them in.
struct HookFixture: Sendable {
    let scratch: Scratch
    let hooks: String
    let repository: String
    let lines = Lines()
    let log = Lines()

    /// Lines in the order they came.
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    static func with(_ body: (HookFixture) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await body(HookFixture(scratch))
    }

    private init(_ scratch: Scratch) throws {
        self.scratch = scratch
        hooks = "\(scratch.path)/hooks"
        repository = "\(scratch.path)/app.git"
        try FileManager.default.createDirectory(atPath: repository, withIntermediateDirectories: true)
        for kind in HookKind.allCases {
            try FileManager.default.createDirectory(
                atPath: "\(hooks)/\(kind.folderName)", withIntermediateDirectories: true)
        }
    }

    /// Writes a hook; `text` is all of the file.
    func write(_ name: String, _ kind: HookKind, _ text: String, mode: mode_t = 0o755) throws {
        let path = "\(hooks)/\(kind.folderName)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, mode)
    }

    func runner(timeLimit: Duration = .seconds(30)) -> HookRunner {
        HookRunner(
            folder: HookFolder(hooks), timeLimit: timeLimit, grace: .seconds(1),
            logger: Logger(label: "test") { [log] _ in Recorder(lines: log) })
    }

    /// Runs the hooks of a kind, whose lines are gathered in `lines`.
    func run(
        _ kind: HookKind, arguments: [String] = [], input: String = "", environment: HookEnvironment = .init(),
        timeLimit: Duration = .seconds(30)
    ) async throws -> Bool {
        try await runner(timeLimit: timeLimit).run(
            kind, arguments: arguments, input: Array(input.utf8), repository: repository, environment: environment
        ) { [lines] in lines.add($0) }
    }

    /// The process ID that a hook wrote into a file of the repository.
    func processID(in file: String) async throws -> pid_t {
        var found: pid_t?
        try await eventually("'\(file)' holds a process ID") {
            let text = (try? String(contentsOfFile: "\(repository)/\(file)", encoding: .utf8)) ?? ""
            found = text.hasSuffix("\n") ? pid_t(text.dropLast()) : nil
            return found != nil
        }
        return found ?? 0
    }

    /// Whether a process runs; one that has ended and that nobody waited for does not.
    static func isRunning(_ process: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).first.map { $0 != "Z" } ?? false
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])")
        }
    }
}
